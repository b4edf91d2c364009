# shellcheck shell=sh
# What the tests of casework share: a workspace of their own, looked at by SQL. To be sourced instead of tests/lib.sh.
. tests/lib.sh
IR_HOME=$TMPDIR/home
export IR_HOME
# `status` stands for `ir case` once there is a workspace.
workspace() { # ARG...: of ir init
    command=''
    status 0 'a workspace' init --yes "$@"
    command=case
}
sql() { sqlite3 "$IR_HOME/ir.db" "$1"; }
