import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { Checkout } from './Checkout';

const asked = new URLSearchParams(location.search);

createRoot(document.getElementById('shop')!).render(
  <StrictMode>
    <Checkout order={asked.get('order')} token={asked.get('token')} />
  </StrictMode>,
);
