export default {
  mode: 'production',
  entry: './src/shop.js',
  output: { filename: 'shop.js', clean: true },
  module: {
    rules: [
      // `url`: what is only an address, as the package's style sheet, stays the file that it is.
      { test: /\.css$/, dependency: { not: ['url'] }, use: ['style-loader', 'css-loader'] },
    ],
  },
  // The program is a file that is fetched, not a script: webpack would warn of its size.
  performance: { hints: false },
};
