import { defineConfig } from 'vite';
import { harness } from './harness.mjs';

// The built pages are the service's; this serves the sources within the markup that the service gives.
const service = process.env.BELCHEER_SERVICE ?? 'http://127.0.0.1:8123';
const ours = ['/v1', '/uploads', '/openapi.json'];

export default defineConfig({
  plugins: [harness(service)],
  publicDir: false,
  appType: 'custom',
  server: { port: 8124, host: '127.0.0.1', proxy: Object.fromEntries(ours.map((path) => [path, service])) },
});
