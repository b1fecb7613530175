# Stands between us and one server, and outlives us: when its input ends, for whatever reason, the server is stopped and
# everything of it removed. Orders come in as lines, each is answered by a line.
#   $1 the data directory to copy    $2 the folder of this server    $3 the name of its container, if it has one
#   $4 ... the command that is the server: postgres, or `docker run`, whose container writes the file pid by itself
# Ctrl-C and a closing terminal are for our owner to hear; an answer may find nobody left to read it.
trap '' INT TERM HUP PIPE
template=$1 run=$2 container=$3
shift 3
program=$1
pid='' keeper=''

start() {
  rm -f "$run/pid" "$run/ended"
  (
    "$@" </dev/null >>"$run/log" 2>&1 &
    [ -n "$container" ] || echo $! >"$run/pid"
    wait $!
    : >"$run/ended"
  ) </dev/null >/dev/null 2>&1 &
  keeper=$!
  # A container may end before there is a process in it.
  until [ -s "$run/pid" ] || [ -e "$run/ended" ]; do sleep 0.01; done
  pid=0
  [ ! -s "$run/pid" ] || read -r pid <"$run/pid"
}

# A container's process is signalled by its name: as root, we trust no process id in a file that an ordinary user wrote.
send() {
  if [ -n "$container" ]; then "$program" kill -s "$1" "$container"; else kill -s "$1" "$pid"; fi
}

# Signals the server and waits. A server that doesn't go is pushed after ten seconds, and killed after twenty.
stop() {
  [ -n "$keeper" ] || return 0
  [ -e "$run/ended" ] || send "$1"
  (
    pushes=0
    for signal in QUIT KILL; do
      while [ $pushes -lt 100 ]; do sleep 0.1; pushes=$((pushes + 1)); done
      pushes=0
      send $signal
    done
  ) &
  guard=$!
  wait "$keeper"
  kill -s KILL $guard
  wait $guard
  # Docker's client may have died without the container, which then is still there.
  [ -z "$container" ] || "$program" rm --force --volumes "$container"
  keeper=
} </dev/null >/dev/null 2>&1

# With their owner, who isn't us where root looks after a container.
if cp -Rp "$template" "$run/data" 2>>"$run/log"; then echo copied; else echo failed; fi
while read -r order signal; do
  case $order in
    start) start "$@"; echo "started $pid" ;;
    stop) stop "$signal"; echo stopped ;;
  esac
done
stop INT
rm -rf -- "$run"
