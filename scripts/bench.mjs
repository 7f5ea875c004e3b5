// npm run bench [-- NAME…]: kernels and pipelines against onnxruntime's own operators, in headless Chromium.
import { withHeadless } from './headless.mjs'

try {
  const names = process.argv.slice(2)
  const tally = await withHeadless({ print: console.log }, ({ call }) => call('bench', { names }))
  process.exitCode = tally && tally.failed > 0 ? 1 : 0
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
