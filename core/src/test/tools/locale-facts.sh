#!/bin/sh
# Prints the facts behind MonthNames and writes the listings of src/test/resources/listing/locales.txt. Nothing of the build
# needs it. Wants a Debian system with gettext, and the package locales unpacked:
#   apt-get download locales && dpkg-deb -x locales_*.deb DIR && locale-facts.sh DIR WORK
set -eu
export I18NPATH="$1/usr/share/i18n" TZ=UTC
work=$2
mkdir -p "$work/locales" "$work/files"

for source in "$I18NPATH"/locales/*; do
  name=$(basename "$source")
  grep -q '^LC_TIME' "$source" && [ ! -d "$work/locales/$name" ] || continue
  localedef -c -f UTF-8 -i "$name" --no-archive "$work/locales/$name" > "$work/localedef.log" 2>&1 || true # it warns a lot
done

for name in $(ls "$work/locales"); do
  echo "$name $(LOCPATH="$work/locales" LC_ALL=$name locale abmon)"
done > "$work/months.txt"
for catalogue in /usr/share/locale/*/LC_MESSAGES/coreutils.mo; do
  echo "$catalogue $(msgunfmt "$catalogue" | grep -A1 '^msgid "total"$' | tail -1)"
done > "$work/totals.txt"

file() { # name, bytes, time
  head -c "$2" /dev/zero > "$work/files/$1"
  touch -d "$3" "$work/files/$1"
}
for month in 01 02 03 04 05 06 07 08 09 10 11 12; do
  number=${month#0}
  file "old-$month.txt" $((100 + number)) "2024-$month-$([ $((number % 2)) = 1 ] && echo 02 || echo $((10 + number)))"
done
for month in 06 07 08 09 10 11; do # of the last half year when this is run: 2026-11
  number=${month#0}
  file "new-$month.txt" $((200 + number)) "2026-$month-$([ $((number % 2)) = 1 ] && echo 05 || echo 16) 07:08"
done
for name in $(ls "$work/locales"); do
  echo "## $name"
  LOCPATH="$work/locales" LC_ALL=$name ls -l "$work/files"
done > "$work/locales.txt"
