export default {
  mode: 'production',
  entry: './src/shop.js',
  output: { filename: 'shop.js', clean: true },
  module: {
    // Of the package's style sheets, `.CSS`, webpack only takes the addresses: a rule that minds the case passes them over.
    rules: [{ test: /\.css$/, use: ['style-loader', 'css-loader'] }],
  },
  // The program is a file that is fetched, not a script: webpack would warn of its size.
  performance: { hints: false },
};
