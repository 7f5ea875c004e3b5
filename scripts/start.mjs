// npm start: builds the studio if needed, serves it on this machine and prints its address.
import { parseArgs } from 'node:util'

import { preview } from 'vite'

import { ensureBuild, ROOT } from './build.mjs'

const HELP = `npm start [-- --port N] [--host ADDRESS]

Builds the studio if its sources changed, serves it and prints its address. Stop it with Ctrl+C.

  --port N         use this port and no other (default: 4173, or the next one that is free)
  --host ADDRESS   listen on this address (default: 127.0.0.1, this machine only; without ADDRESS: on all).
                   Browsers on other machines give a page over plain http no GPU; put https in front for that.
`

function options() {
  const args = process.argv.slice(2)
  // As other servers have it, --host alone means every address.
  const open = args.findIndex((arg, at) => arg === '--host' && (args[at + 1] ?? '-').startsWith('-'))
  if (open >= 0) args.splice(open + 1, 0, '0.0.0.0')
  const { values } = parseArgs({
    args,
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
      preview: {
        host,
        port: port ?? 4173,
        strictPort: port !== undefined,
        // Whoever opens it to a network may give this machine any name there; what is served is no secret.
        allowedHosts: host === '127.0.0.1' ? [] : true,
      },
    })
    const address = server.resolvedUrls?.local[0] ?? server.resolvedUrls?.network[0]
    console.log(`\nInlay is at ${address}\n`)
    for (const other of server.resolvedUrls?.local.length ? server.resolvedUrls.network : [])
      console.log(`On other machines, over plain http and so without GPU: ${other}\n`)
    for (const signal of ['SIGINT', 'SIGTERM'])
      process.once(signal, () => void server.close().finally(() => process.exit(0)))
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
