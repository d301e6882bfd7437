export default {
  // `cargo xtask demo`, while developing. Where you deploy, `/api` is your backend, before or behind Next.js.
  rewrites: () => [{ source: '/api/:path*', destination: `${process.env.BACKEND ?? 'http://127.0.0.1:8088'}/api/:path*` }],
};
