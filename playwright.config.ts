import { defineConfig } from '@playwright/test'

import { chromiumArguments, findChromium } from './scripts/chromium.mjs'

const port = Number(process.env.INLAY_E2E_PORT ?? 4317)

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: '.cache/e2e',
  // One model on two cores: a second worker makes both late, and all of them no faster.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  // What fails once on a busy machine and then passes is printed as flaky; what fails twice fails.
  retries: 1,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    // It would answer in place of the tests' own routes; offline.spec.ts has it.
    serviceWorkers: 'block',
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: findChromium(), args: chromiumArguments('software') },
    screenshot: 'only-on-failure',
    trace: 'off',
    actionTimeout: 20_000,
  },
  webServer: {
    // The built studio, as a user gets it.
    command: `node scripts/start.mjs --port ${port}`,
    url: `http://127.0.0.1:${port}/`,
    timeout: 180_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5000 },
  },
})
