#!/usr/bin/env node
import { addCancel, addReject, addRelease, addReplay } from '../ops/acting.ts';
import { addBrake } from '../ops/brake.ts';
import { addList } from '../ops/list.ts';
import { addPause, addResume } from '../ops/pause.ts';
import { opsProgram, run } from '../ops/session.ts';
import { addShow } from '../ops/show.ts';
import { addStatus } from '../ops/status.ts';
import { addWatch } from '../ops/watch.ts';

const { program, session } = opsProgram();
for (const add of [addStatus, addList, addShow, addWatch, addRelease, addReject, addCancel, addReplay, addBrake, addPause, addResume])
  add(program, session);

process.exitCode = await run(program, session);
