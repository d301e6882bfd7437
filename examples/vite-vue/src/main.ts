import { createApp } from 'vue';

import Checkout from './Checkout.vue';

const asked = new URLSearchParams(location.search);

createApp(Checkout, { order: asked.get('order'), token: asked.get('token') }).mount('#shop');
