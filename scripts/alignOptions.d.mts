import type { Job } from './fuseRun.mjs'

export function parseAlignOptions(args: string[]): { help: true } | { help: false; job: Job }
