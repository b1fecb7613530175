# Stands between us and one server, and outlives us: when its input ends, for whatever reason, the server is stopped and
# everything of it removed. Orders come in as lines, each is answered by a line.
#   $1 the program postgres    $2 the data directory to copy    $3 the folder of this server
# Ctrl-C and a closing terminal are for our owner to hear; an answer may find nobody left to read it.
trap '' INT TERM HUP PIPE
postgres=$1 template=$2 run=$3
pid=

start() {
  rm -f "$run/pid" "$run/ended"
  (
    "$postgres" -D "$run/data" </dev/null >>"$run/log" 2>&1 &
    echo $! >"$run/pid"
    wait $!
    : >"$run/ended"
  ) </dev/null >/dev/null 2>&1 &
  keeper=$!
  until [ -s "$run/pid" ]; do sleep 0.01; done
  read -r pid <"$run/pid"
}

# Signals the server and waits. A server that doesn't go is pushed after ten seconds, and killed after twenty.
stop() {
  [ -n "$pid" ] || return 0
  [ -e "$run/ended" ] || kill -s "$1" "$pid" 2>/dev/null
  (
    pushes=0
    for signal in QUIT KILL; do
      while [ $pushes -lt 100 ]; do sleep 0.1; pushes=$((pushes + 1)); done
      pushes=0
      kill -s $signal "$pid"
    done
  ) </dev/null >/dev/null 2>&1 &
  guard=$!
  wait "$keeper"
  kill -s KILL $guard
  wait $guard
  pid=
} 2>/dev/null

if cp -R "$template" "$run/data" 2>>"$run/log"; then echo copied; else echo failed; fi
while read -r order signal; do
  case $order in
    start) start; echo "started $pid" ;;
    stop) stop "$signal"; echo stopped ;;
  esac
done
stop INT
rm -rf -- "$run"
