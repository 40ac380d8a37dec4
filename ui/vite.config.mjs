import {defineConfig} from 'vite';

// The hub serves build/ui at its root and embeds it; `npm run dev` asks a hub (or the mock) for data.
const hub = process.env.HEARTH_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
    root: import.meta.dirname ?? new URL('.', import.meta.url).pathname,
    build: {
        outDir: '../build/ui',
        emptyOutDir: true,
        target: 'es2021',
        assetsInlineLimit: 0, // no data: URLs, so that a strict content security policy holds
        modulePreload: {polyfill: false},
        reportCompressedSize: false, // scripts/build-ui measures, and refuses what is too much
    },
    server: {proxy: {'/api': {target: hub, ws: true}}},
});
