#!/usr/bin/env python3
"""What bash can't do well: JSON in and out.

field NAME                a string member of the JSON object on stdin
curl-config               instance credentials on stdin as a curl configuration
error                     an AWS error response on stdin, as `Code: message`
put-secret ID TOKEN       the request that makes stdin the value of a secret
log-events GROUP STREAM   the request that sends the lines on stdin (`milliseconds<TAB>text`) to CloudWatch Logs
merge SHARED OWN          SHARED and what OWN adds to it; exit code 3 when it adds nothing
replace SHARED OWN        OWN; exit code 3 when SHARED is the same
pack FOLDER               the folder's files as an object of name to content
unpack FOLDER             writes such an object from stdin; .pub and .crt files are for everyone to read, others aren't
redact FOLDER FILE        stdin without the secrets in the folder's files and in the JSON file
"""

import json
import os
import re
import sys
from pathlib import Path

NOTHING_NEW = 3


def print_json(value):
    json.dump(value, sys.stdout, indent=2)


def field(name):
    sys.stdout.write(json.load(sys.stdin)[name])


def curl_config():
    credentials = json.load(sys.stdin)
    print(f'user = "{credentials["AccessKeyId"]}:{credentials["SecretAccessKey"]}"')
    print(f'header = "X-Amz-Security-Token: {credentials["Token"]}"')


def error():
    text = sys.stdin.read()
    try:
        answer = json.loads(text)
        code = answer.get("__type", "").rpartition("#")[2]
        message = answer.get("message") or answer.get("Message", "")
    except ValueError:
        code, message = (tag(text, name) for name in ("Code", "Message"))
    print(f"{code}: {message}" if code else "no error message")


def tag(xml, name):
    found = re.search(f"<{name}>(.*?)</{name}>", xml, re.DOTALL)
    return found[1] if found else ""


def put_secret(secret, token):
    print_json({"SecretId": secret, "ClientRequestToken": token, "SecretString": sys.stdin.read()})


def log_events(group, stream):
    lines = (line.rstrip("\n").split("\t", 1) for line in sys.stdin)
    events = [{"timestamp": int(time), "message": text or " "} for time, text in lines]
    print_json({"logGroupName": group, "logStreamName": stream, "logEvents": events})


def read(file):
    return json.loads(Path(file).read_text())


def merge(shared_file, own_file):
    shared = read(shared_file)
    merged = added_to(shared, read(own_file))
    if merged == shared:
        sys.exit(NOTHING_NEW)
    print_json(merged)


def added_to(shared, own):
    if not (isinstance(shared, dict) and isinstance(own, dict)):
        return shared
    return {**own, **{key: added_to(value, own[key]) if key in own else value for key, value in shared.items()}}


def replace(shared_file, own_file):
    own = read(own_file)
    if read(shared_file) == own:
        sys.exit(NOTHING_NEW)
    print_json(own)


def pack(folder):
    print_json({file.name: file.read_text() for file in sorted(Path(folder).iterdir())})


def unpack(folder):
    for name, content in json.load(sys.stdin).items():
        # A name from a secret must not lead out of the folder.
        file = Path(folder) / Path(name).name
        mode = 0o644 if file.suffix in (".pub", ".crt") else 0o600
        new = file.with_name(f".{file.name}.new")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as target:
            target.write(content)
        new.chmod(mode)
        new.replace(file)


def redact(folder, file):
    secrets = {one.read_text() for one in Path(folder).iterdir()}
    if Path(file).exists():
        secrets |= set(strings_in(read(file)))
    # Longest first, as one may be a part of another. Short ones are no secrets, but would hide half the text.
    hidden = sorted((re.escape(secret) for secret in secrets if len(secret) >= 8), key=len, reverse=True)
    text = sys.stdin.read()
    sys.stdout.write(re.sub("|".join(hidden), "[secret]", text) if hidden else text)


def strings_in(value):
    if isinstance(value, str):
        yield value
        # A key of several lines shows up line by line.
        yield from value.splitlines()
    elif isinstance(value, (dict, list)):
        for member in value.values() if isinstance(value, dict) else value:
            yield from strings_in(member)


COMMANDS = {
    "field": field,
    "curl-config": curl_config,
    "error": error,
    "put-secret": put_secret,
    "log-events": log_events,
    "merge": merge,
    "replace": replace,
    "pack": pack,
    "unpack": unpack,
    "redact": redact,
}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
