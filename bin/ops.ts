#!/usr/bin/env node
import { addCancel, addReject, addRelease, addReplay } from '../ops/acting.ts';
import { addApply } from '../ops/apply.ts';
import { addBrake } from '../ops/brake.ts';
import { addDlq } from '../ops/dlq.ts';
import { addDoctor } from '../ops/doctor.ts';
import { addList } from '../ops/list.ts';
import { addPause, addResume } from '../ops/pause.ts';
import { addPlan } from '../ops/plan.ts';
import { addQuarantine } from '../ops/quarantine.ts';
import { addReport } from '../ops/report.ts';
import { addResolve } from '../ops/resolve.ts';
import { addSecret } from '../ops/secret.ts';
import { addSend } from '../ops/send.ts';
import { opsProgram, run } from '../ops/session.ts';
import { addShow } from '../ops/show.ts';
import { addSources } from '../ops/sources.ts';
import { addStatus } from '../ops/status.ts';
import { addWatch } from '../ops/watch.ts';

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
