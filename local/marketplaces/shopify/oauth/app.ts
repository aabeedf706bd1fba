/** The one app of this platform, as its owner would see it in the dashboard. */
export const app = {
  clientId: "3f1c9e5ab7d24c7f8a60b5d1e2c43f90",
  clientSecret: "shpss_example_5e0b8c41d7f24a9f9f0d6c2b1a83e7d4",
} as const;
