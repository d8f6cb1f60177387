#!/bin/sh
# Installs the packages that package-lock.json names, Node.js 24 among them, unless they are there.
test -d node_modules/node && exit 0
echo 'Installing packages; this happens only once and takes about a minute.' >&2
exec npm ci --no-audit --no-fund --loglevel=error
