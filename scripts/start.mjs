// npm start: builds the studio if needed, serves it on this machine and prints its address.
import { parseArgs } from 'node:util'

import { preview } from 'vite'

import { ensureBuild, ROOT } from './build.mjs'

const HELP = `npm start [-- --port N] [--host ADDRESS]

Builds the studio if its sources changed, serves it and prints its address. Stop it with Ctrl+C.

  --port N         use this port and no other (default: 4173, or the next one that is free)
  --host ADDRESS   listen on this address (default: 127.0.0.1, this machine only)
`

function options() {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, host: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  const port = values.port === undefined ? undefined : Number(values.port)
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536))
    throw new Error(`--port must be a number from 1 to 65535, not ${values.port}`)
  return { port, host: values.host ?? '127.0.0.1', help: values.help ?? false }
}

try {
  const { port, host, help } = options()
  if (help) {
    console.log(HELP)
  } else {
    await ensureBuild()
    const server = await preview({
      root: ROOT,
      preview: { host, port: port ?? 4173, strictPort: port !== undefined },
    })
    const address = server.resolvedUrls?.local[0] ?? server.resolvedUrls?.network[0]
    console.log(`\nInlay is at ${address}\n`)
    for (const signal of ['SIGINT', 'SIGTERM'])
      process.once(signal, () => void server.close().finally(() => process.exit(0)))
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
