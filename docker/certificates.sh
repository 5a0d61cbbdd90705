#!/bin/sh
# The certificates by which the services of docker-compose.yml know each other: an authority of their own, and for each
# service a folder with its certificate and key that is mounted into its container and into no other.
#
#   sudo sh docker/certificates.sh /etc/jiugai/certificates            make what is missing, renew what is near its end
#   sudo sh docker/certificates.sh --check /etc/jiugai/certificates    change nothing; exit code 1 where something is due
#
# Run again, it changes nothing that is still good. docs/operations.md says how running services take new ones.
#   --authority FOLDER      where the authority's key is kept; FOLDER/authority of the certificates by default
#   --days N                how long a new certificate counts; 397
#   --renew-before N        days before its end on which one is renewed; 60
#   --keep-owner            leave files to who runs this: to try it without being root, no container could read them
set -eu
umask 077

days=397
renew_before=60
authority=
keep_owner=
check=
while [ $# -gt 0 ]; do
  case $1 in
    --authority) authority=$2; shift 2 ;;
    --days) days=$2; shift 2 ;;
    --renew-before) renew_before=$2; shift 2 ;;
    --keep-owner) keep_owner=yes; shift ;;
    --check) check=yes; shift ;;
    -*) echo "$0: there is no option $1" >&2; exit 2 ;;
    *) break ;;
  esac
done
[ $# -eq 1 ] || { echo "usage: $0 [--check] [--authority FOLDER] FOLDER" >&2; exit 2; }
folder=$1
authority=${authority:-$folder/authority}
if [ -z "$keep_owner$check" ] && [ "$(id -u)" != 0 ]; then
  echo "$0: run it as root: each key must belong to the user of its container (or --keep-owner, to try it)" >&2
  exit 2
fi

# Service, the user that its container runs as, and whom it is to others: a server, a client, or both. Nodes of the store
# and the engine call each other, so they are both. The proxy only has to know the authority.
services='
temporal-db         999    server
temporal            1000   both
temporal-namespace  1000   client
temporal-ui         1000   both
mongo-1             999    both
mongo-2             999    both
mongo-3             999    both
mongo-replica-set   999    client
worker              1000   both
api                 1000   both
proxy               65534  none
prometheus          65534  server
grafana             472    server
'

# Both must outlive what they have signed.
authority_days=3650
due=0

good_for() { openssl x509 -in "$1" -noout -checkend "$(($2 * 86400))" > /dev/null 2>&1; }
until_when() { openssl x509 -in "$1" -noout -enddate | cut -d= -f2; }

if [ ! -e "$authority/ca.pem" ]; then
  [ -z "$check" ] || { echo "there is no authority in $authority" >&2; exit 1; }
  mkdir -p "$authority"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 -days "$authority_days" \
    -keyout "$authority/key.pem" -out "$authority/ca.pem.new" -subj "/O=jiugai/CN=jiugai services $(date +%Y-%m-%d)" \
    -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign 2> /dev/null
  chmod 400 "$authority/key.pem"
  chmod 444 "$authority/ca.pem.new"
  mv "$authority/ca.pem.new" "$authority/ca.pem"
  echo "made an authority in $authority: keep its key.pem where you keep the signing root"
fi
ca=$authority/ca.pem
if ! good_for "$ca" "$((days + renew_before))"; then
  echo "the authority in $authority ends on $(until_when "$ca"), before what it would sign: see docs/operations.md" >&2
  exit 1
fi

usage_of() {
  case $1 in
    server) echo serverAuth ;;
    client) echo clientAuth ;;
    both) echo serverAuth,clientAuth ;;
  esac
}
names_of() { echo "DNS:$1,DNS:localhost,IP:127.0.0.1"; }

# Whether the certificate in this folder may stay: of this authority, for these names, with its key, not near its end.
is_good() {
  [ -e "$3/key.pem" ] && [ -e "$3/both.pem" ] && cmp -s "$ca" "$3/ca.pem" || return 1
  openssl verify -x509_strict -CAfile "$ca" "$3/certificate.pem" > /dev/null 2>&1 || return 1
  good_for "$3/certificate.pem" "$renew_before" || return 1
  [ "$(openssl x509 -in "$3/certificate.pem" -noout -pubkey)" = "$(openssl pkey -in "$3/key.pem" -pubout)" ] || return 1
  [ "$(printf '%s\n' "$1 $2 $(names_of "$1")")" = "$(cat "$3/made-for" 2> /dev/null)" ]
}

make() {
  service=$1 kind=$2 into=$3
  extensions=$(mktemp)
  cat > "$extensions" << EXTENSIONS
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=$(usage_of "$kind")
subjectAltName=$(names_of "$service")
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
EXTENSIONS
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 -subj "/O=jiugai/CN=$service" \
    -keyout "$into/key.pem.new" -out "$into/request.new" 2> /dev/null
  openssl x509 -req -in "$into/request.new" -CA "$ca" -CAkey "$authority/key.pem" -set_serial "0x$(openssl rand -hex 16)" \
    -sha256 -days "$days" -extfile "$extensions" -out "$into/certificate.pem.new" 2> /dev/null
  rm -f "$into/request.new" "$extensions"
  # MongoDB wants both in one file.
  cat "$into/certificate.pem.new" "$into/key.pem.new" > "$into/both.pem.new"
  cp "$ca" "$into/ca.pem.new"
  echo "$service $kind $(names_of "$service")" > "$into/made-for.new"
  for file in ca.pem certificate.pem key.pem both.pem made-for; do mv -f "$into/$file.new" "$into/$file"; done
}

[ -n "$check" ] || { mkdir -p "$folder" && chmod 711 "$folder"; }
while read -r service user kind; do
  [ -n "$service" ] || continue
  into=$folder/$service
  if [ "$kind" = none ]; then
    cmp -s "$ca" "$into/ca.pem" && state=good || state=due
  else
    is_good "$service" "$kind" "$into" && state=good || state=due
  fi
  if [ -n "$check" ]; then
    [ "$state" = good ] || { echo "$service: due"; due=1; }
    continue
  fi
  mkdir -p "$into"
  if [ "$state" = due ] && [ "$kind" = none ]; then
    cp -f "$ca" "$into/ca.pem"
  elif [ "$state" = due ]; then
    make "$service" "$kind" "$into"
    echo "$service: until $(until_when "$into/certificate.pem")"
  fi
  # Whoever is not root there must read what is mounted, and nobody else on this host may.
  chmod 444 "$into"/*
  [ "$kind" = none ] || chmod 400 "$into/key.pem" "$into/both.pem"
  chmod 500 "$into"
  [ -n "$keep_owner" ] || chown -R "$user:$user" "$into"
  [ -z "$keep_owner" ] || chmod 700 "$into"
done << SERVICES
$services
SERVICES
exit "$due"
