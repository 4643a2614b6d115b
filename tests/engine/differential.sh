#!/bin/sh
# Compares what two builds of phiscan_findings find. Usage: differential.sh A B [TEXTS]
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$1" ${3:-} >"$dir/a"
"$2" ${3:-} >"$dir/b"
lines=$(wc -l <"$dir/a")
if cmp -s "$dir/a" "$dir/b"; then
  echo "$lines texts, equal findings"
else
  diff "$dir/a" "$dir/b" | grep '^[<>]' | cut -d' ' -f2 | sort -u | head -20
  echo "the findings differ in $(diff "$dir/a" "$dir/b" | grep -c '^<') of $lines texts"
  exit 1
fi
