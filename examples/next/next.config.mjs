export default {
  // As create-next-app sets them.
  cacheComponents: true,
  partialPrefetching: true,
  // `/api` is your backend's, on the same origin; `next build` fixes where that is. As it stands, `cargo xtask demo`.
  rewrites: () => [{ source: '/api/:path*', destination: `${process.env.BACKEND ?? 'http://127.0.0.1:8088'}/api/:path*` }],
};
