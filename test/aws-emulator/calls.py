"""Prints every call that a function made to the emulator, one line of JSON for each kind: its access key, the action, what it names."""

import json
import os

import botocore.session

trail = botocore.session.get_session().create_client("cloudtrail", verify=os.environ["NODE_EXTRA_CA_CERTS"])
until = None


def exactly(params, **_):
    """Puts the end time into the question with its fractions: botocore sends whole seconds."""
    if until is not None:
        params["body"] = json.dumps({**json.loads(params["body"]), "EndTime": until}).encode()


trail.meta.events.register("before-call.cloudtrail.LookupEvents", exactly)
seen = set()
kinds = set()
while True:
    new = [one for one in trail.lookup_events()["Events"] if one["EventId"] not in seen]
    if not new:
        break
    for one in new:
        seen.add(one["EventId"])
        event = json.loads(one["CloudTrailEvent"])
        # The CDK takes roles too; everybody else in a run has the key of the account.
        if not one["AccessKeyId"].startswith("ASIA") or "aws-cdk" in event["userAgent"]:
            continue
        asked = event["requestParameters"] or {}
        named = {name: asked[name] for name in ("QueueUrl", "TableName", "IndexName", "SecretId") if name in asked}
        for table in asked.get("RequestItems", {}):
            named["TableName"] = table
        call = {"key": one["AccessKeyId"], "service": event["eventSource"].split(".")[0], "name": one["EventName"], **named}
        kinds.add(json.dumps(call, sort_keys=True))
    until = new[-1]["EventTime"].timestamp() + 0.000001

print("\n".join(sorted(kinds)))
