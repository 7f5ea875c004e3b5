/** What scripts/gpu.mjs runs in Node, built by vite. */
export { compileKernels } from './compiled'
export { runGpu } from './gpuRun'
