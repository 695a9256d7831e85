#!/usr/bin/env bash
# Install the system packages of a profile (run or test) that are missing; quick and silent when none is.
set -euo pipefail
cd "$(dirname "$0")/.."

profile=${1:?usage: tools/setup_system.sh run|test}

wanted() {
  while read -r group package _; do
    case "$group" in
      run) echo "$package" ;;
      test) if [ "$profile" = test ]; then echo "$package"; fi ;;
    esac
  done < tools/packages.txt
}

if ! command -v dpkg-query > /dev/null; then
  echo "set-up: this is no Debian; the packages named in tools/packages.txt are expected to be here already." >&2
  exit 0
fi

mapfile -t packages < <(wanted)
installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${packages[@]}" 2> /dev/null | sed -n 's/ installed$//p' || true)
mapfile -t missing < <(comm -23 <(printf '%s\n' "${packages[@]}" | sort -u) <(printf '%s\n' "$installed" | sort -u))

if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" -eq 0 ]; then
    echo "set-up: installing ${#missing[@]} system packages: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${missing[@]}" < /dev/null
  else
    echo "set-up: these system packages are missing, and only the administrator can install them:" >&2
    echo "    apt-get install --no-install-recommends ${missing[*]}" >&2
    echo "set-up: going on with what is here; what needs them will say so." >&2
  fi
fi

if command -v fc-list > /dev/null && [ -z "$(fc-list :lang=zh-cn family)" ]; then
  echo "set-up: no font for Chinese is installed (fonts-noto-cjk); screens would show empty boxes." >&2
fi

tools/setup_fonts.sh
