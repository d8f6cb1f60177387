#!/usr/bin/env node
import { addApply } from '../ops/commands/apply.ts';
import { addBrake } from '../ops/commands/brake.ts';
import { addDlq } from '../ops/commands/dlq.ts';
import { addDoctor } from '../ops/commands/doctor.ts';
import { addList } from '../ops/commands/list.ts';
import { addPause, addResume } from '../ops/commands/pause.ts';
import { addPlan } from '../ops/commands/plan.ts';
import { addQuarantine } from '../ops/commands/quarantine.ts';
import { addCancel, addReject, addRelease, addReplay } from '../ops/commands/release-reject-cancel-replay.ts';
import { addReport } from '../ops/commands/report.ts';
import { addResolve } from '../ops/commands/resolve.ts';
import { addSecret } from '../ops/commands/secret.ts';
import { addSend } from '../ops/commands/send.ts';
import { addShow } from '../ops/commands/show.ts';
import { addSources } from '../ops/commands/sources.ts';
import { addStatus } from '../ops/commands/status.ts';
import { addWatch } from '../ops/commands/watch.ts';
import { opsProgram, run } from '../ops/session.ts';

const { program, session } = opsProgram();
const commands = [
  addStatus,
  addList,
  addShow,
  addWatch,
  addRelease,
  addReject,
  addCancel,
  addReplay,
  addPlan,
  addApply,
  addBrake,
  addPause,
  addResume,
  addDlq,
  addQuarantine,
  addSend,
  addResolve,
  addDoctor,
  addSecret,
  addReport,
  addSources,
];
for (const add of commands) add(program, session);

process.exitCode = await run(program, session);
