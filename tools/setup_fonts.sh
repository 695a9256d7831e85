#!/usr/bin/env bash
# Give notices their 仿宋 (GB/T 9704) where the system has none: FandolFang out of Debian's own package, checked by the
# digest in resources/fonts/manifest.json. Without it notices are set in Noto Serif; nothing else depends on it.
set -euo pipefail
cd "$(dirname "$0")/.."

file=FandolFang-Regular.otf
target="resources/fonts/$file"
package=texlive-lang-chinese

[ -f "$target" ] && exit 0
if command -v fc-list > /dev/null && fc-list : family | grep -qiE 'fangsong|仿宋|fandolfang'; then
  exit 0
fi
if ! command -v apt-get > /dev/null || ! command -v dpkg-deb > /dev/null; then
  exit 0
fi

expected=$(sed -n "/\"$file\"/,/}/s/.*\"sha256\": \"\([0-9a-f]*\)\".*/\1/p" resources/fonts/manifest.json)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "set-up: fetching 仿宋 for notices ($file of $package, 49 MB to download, 7 MB kept)"
if ! (cd "$work" && apt-get download -qq "$package" > /dev/null 2>&1); then
  echo "set-up: could not fetch $package; notices will be set in Noto Serif." >&2
  exit 0
fi
dpkg-deb --fsys-tarfile "$work"/*.deb | tar -x -C "$work" --wildcards "*/$file"
found=$(find "$work" -name "$file" -print -quit)
if [ "$(sha256sum "$found" | cut -d' ' -f1)" != "$expected" ]; then
  echo "set-up: $file is not the version of the manifest; notices will be set in Noto Serif." >&2
  exit 0
fi
mv "$found" "$target"
