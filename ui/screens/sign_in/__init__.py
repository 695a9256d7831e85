"""登录: password and one-time code; also the cover over an idle counter."""
