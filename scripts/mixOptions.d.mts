import type { Job } from './fuseRun.mjs'

export function parseMixOptions(args: string[]): { help: true } | { help: false; job: Job }
