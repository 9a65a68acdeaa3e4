// One file instead of two hundred: loading each module of its own would take longer than most commands. What is heavy
// and not always needed stays a package of its own, loaded when it is. Two ways in: the command line and the Node API.
export default {
  input: ['dist/cli.js', 'dist/index.js'],
  platform: 'node',
  logLevel: 'warn',
  external: [/^@duckdb\//, /^@faker-js\//, /^mysql2/, 'pg', 'pg-copy-streams', 'chokidar', 'yaml', 'toposort'],
  output: { dir: 'dist/bundle', format: 'esm', chunkFileNames: '[name].js' },
};
