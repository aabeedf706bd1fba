import { defineConfig } from "vitest/config";

const exclude = ["node_modules/**", "cdk.out/**"];

export default defineConfig({
  test: {
    sequence: { shuffle: true },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: more workers only fight over them.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...exclude, "test/integration/**", "local/runtime/**"],
          // A worker loads a module once for all its files; loading anew for each took a fifth of the time.
          isolate: false,
        },
      },
      {
        extends: true,
        // The emulated queues take their clock as they load, so each file loads them for itself.
        test: { name: "runtime", include: ["local/runtime/**/*.test.ts"], exclude },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          exclude,
          globalSetup: ["test/integration/assembly.ts"],
          // A file tells one story on one started stack, so its tests keep their order.
          sequence: { shuffle: false },
          // The whole stack and its workers start here, on whatever the machine has left.
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
