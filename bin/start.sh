#!/bin/sh
# npm start: finds a wrong option before it installs anything, installs what is missing, and becomes the local system.
if [ ! -d node_modules/node ]; then
  node bin/check-options.mjs "$@" || exit
  case " $* " in *' --help '*) exit 0 ;; esac
  sh bin/install.sh || exit
fi
export NODE_COMPILE_CACHE=node_modules/.cache/node
exec node_modules/.bin/node bin/local.ts "$@"
