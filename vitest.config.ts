import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'

import { chromiumArguments, findChromium } from './scripts/chromium.mjs'

const BROWSER_TESTS = 'src/**/*.browser.test.{ts,tsx}'

export default defineConfig({
  test: {
    projects: [
      {
        extends: './vite.config.ts',
        test: {
          name: 'node',
          environment: 'node',
          include: ['{src,bench,scripts}/**/*.test.{ts,tsx,mjs}'],
          exclude: [BROWSER_TESTS, '**/node_modules/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: './vite.config.ts',
        // The scanner sees every dependency before the first test, so that none is found, bundled and answered
        // with a reload in the middle of a run.
        optimizeDeps: {
          entries: [BROWSER_TESTS, 'src/**/*.{ts,tsx}', '!src/**/!(*.browser).test.{ts,tsx}'],
        },
        cacheDir: 'node_modules/.vite-browser-tests',
        test: {
          name: 'browser',
          include: [BROWSER_TESTS],
          // Software WebGPU and wasm threads each want all the cores: one file after the other.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // What is polled for comes late, not wrong, where the machine is busy; a second was too short.
          expect: { poll: { timeout: 20_000 } },
          // The reporter marks what passed only then ("retry x1").
          retry: 1,
          browser: {
            enabled: true,
            headless: true,
            ui: false,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { executablePath: findChromium(), args: chromiumArguments() },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
})
