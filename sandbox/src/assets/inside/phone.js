// What a page sees of the phone it is opened on. All parts of `inside/` run in one function scope, before any script of the page.
// They keep to a syntax that the oldest kernels worth testing in can read.

/** The phone's settings: `GET /wechat/phone`. */
function defaultSettings() {
  return {
    account: 'A', system: null, bridge: 'ready', late_ms: 1500, pre_verify: false, key: 'err_msg', spelling: 'get_brand_wcpay_request',
    answer: null, answer_count: 1, silent: false, close_after_pay: false, font_percent: 100,
  };
}

/** At once, because a page script that runs next must already find the bridge. */
function readSettingsNow() {
  const settings = defaultSettings();
  try {
    const request = new XMLHttpRequest();
    request.open('GET', '/wechat/phone', false);
    request.send();
    if (request.status === 200) Object.assign(settings, JSON.parse(request.responseText));
  } catch (_) {
    // A page opened without its sandbox still opens.
  }
  return settings;
}

/** As they are by now: the phone's owner changes them while the page is open. */
async function readSettings() {
  const settings = defaultSettings();
  try {
    const response = await fetch('/wechat/phone', { cache: 'no-store' });
    if (response.ok) Object.assign(settings, await response.json());
  } catch (_) {
    // As above.
  }
  return settings;
}

async function writeSettings(change) {
  const body = JSON.stringify(change);
  await fetch('/wechat/phone', { method: 'PUT', headers: { 'content-type': 'application/json' }, body }).catch(() => {});
}

const WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
const BLINK = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const IPHONE = `Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) ${WEBKIT}`;

/** User agents as seen in the field (docs/platform.md, 2.1). */
const SYSTEMS = {
  android: {
    platform: 'Linux aarch64', touch: 5,
    agent: `Mozilla/5.0 (Linux; Android 14; MEIZU 20 Build/UKQ1.230917.001; wv) ${BLINK} Version/4.0 Chrome/130.0.6723.103 Mobile Safari/537.36 XWEB/1300259 MMWEBSDK/20241103 MMWEBID/5216 MicroMessenger/8.0.55.2780(0x2800373D) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN ABI/arm64`,
  },
  ios: { platform: 'iPhone', touch: 5, agent: `${IPHONE} Mobile/15E148 MicroMessenger/8.0.60(0x18003c31) NetType/4G Language/zh_CN` },
  harmony: {
    platform: 'Linux aarch64', touch: 5,
    agent: `Mozilla/5.0 (Phone; OpenHarmony 5.1) ${BLINK} Chrome/114.0.0.0 Safari/537.36  ArkWeb/4.1.6.1 Mobile MicroMessenger/8.0.9.39(0xf3100927) Weixin NetType/WIFI Language/zh_CN MMWEBID/2777 MMWEBSDK/202507060011 XWEB/1140307`,
  },
  windows: {
    platform: 'Win32', touch: 0,
    agent: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${BLINK} Chrome/132.0.0.0 Safari/537.36 NetType/WIFI MicroMessenger/7.0.20.1781(0x6700143B) WindowsWechat(0x63090a13) UnifiedPCWindowsWechat(0xf254162e) XWEB/18163 Flue`,
  },
  mac: {
    platform: 'MacIntel', touch: 0,
    agent: `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${BLINK} Chrome/132.0.0.0 Safari/537.36 NetType/WIFI MicroMessenger/7.0.20.1781(0x6700143B) MacWechat/3.8.7(0x13080712) UnifiedPCMacWechat(0xf26411f0) XWEB/16512 Flue`,
  },
  wecom: {
    platform: 'iPhone', touch: 5,
    agent: `Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${WEBKIT}  Mobile/15E148 wxwork/4.1.30 MicroMessenger/7.0.1 Language/zh ColorScheme/Light wwmver/3.26.13.714`,
  },
  mini_program: {
    platform: 'Linux aarch64', touch: 5,
    agent: `Mozilla/5.0 (Linux; Android 14; MEIZU 20 Build/UKQ1.230917.001; wv) ${BLINK} Version/4.0 Chrome/146.0.7680.177 Mobile Safari/537.36 XWEB/1460075 MMWEBSDK/20250804 MMWEBID/4850 MicroMessenger/8.0.63.2920(0x28003FA6) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN ABI/arm64 miniProgram/wxd4185d00bf7e08ac`,
  },
  phone_browser: { platform: 'Linux aarch64', touch: 5, agent: `Mozilla/5.0 (Linux; Android 10; K) ${BLINK} Chrome/138.0.0.0 Mobile Safari/537.36` },
  iphone_browser: { platform: 'iPhone', touch: 5, agent: `${IPHONE} Version/18.5 Mobile/15E148 Safari/604.1` },
  // An iPad calls itself a Mac; only its touch screen gives it away.
  tablet_browser: { platform: 'MacIntel', touch: 5, agent: `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Version/18.5 Safari/605.1.15` },
  alipay: {
    platform: 'iPhone', touch: 5,
    agent: `Mozilla/5.0 (iPhone; CPU iPhone OS 18_6_2 like Mac OS X) ${WEBKIT} Mobile/22G100 ChannelId(17) Ariver/1.1.0 AliApp(AP/10.8.30.6000) Nebula WK RVKType(0) AlipayDefined(nt:WIFI,ws:390|780|3.0,ac:ss) AlipayClient/10.8.30.6000 Language/zh-Hans Region/CN NebulaX/1.0.0 XRiver/10.2.58.1`,
  },
  unionpay: {
    platform: 'iPhone', touch: 5,
    agent: `Mozilla/5.0 (iPhone; CPU iPhone OS 18_6_2 like Mac OS X) ${WEBKIT} Mobile/15E148  (com.unionpay.chsp) (cordova 4.5.4) (updebug 0) (version 1024) (UnionPay/1.0 CloudPay) (clientVersion 324) (language zh_CN) (languageFamily zh_CN) (upHtml) (walletMode 00)`,
  },
  qq: {
    platform: 'Linux aarch64', touch: 5,
    agent: `Mozilla/5.0 (Linux; Android 14; MEIZU 20 Build/UKQ1.230917.001; wv) ${BLINK} Version/4.0 Chrome/135.0.7049.111 Mobile Safari/537.36 V1_AND_SQ_9.1.75_10026_HDBM_T PA QQ/9.1.75.25965 NetType/WIFI WebP/0.4.1`,
  },
};

/** Which of WeChat's programs, if any, a user agent belongs to, in the order of docs/platform.md, 2.1. */
function weChatOf(agent) {
  if (!/micromessenger/i.test(agent)) return null;
  if (/wxwork/i.test(agent)) return 'wecom';
  if (/miniprogram/i.test(agent)) return 'mini_program';
  if (/windowswechat|unifiedpcwindows/i.test(agent)) return 'windows';
  if (/macwechat|unifiedpcmac/i.test(agent)) return 'mac';
  if (/openharmony|arkweb/i.test(agent)) return 'harmony';
  return /iphone|ipad|ipod/i.test(agent) ? 'ios' : 'android';
}

function pretend(target, name, value) {
  try {
    Object.defineProperty(target, name, { configurable: true, enumerable: true, get: () => value });
  } catch (_) {
    // What this browser keeps for itself stays as it is.
  }
}

function pretendSystem(name) {
  const system = SYSTEMS[name];
  if (!system) return;
  pretend(navigator, 'userAgent', system.agent);
  pretend(navigator, 'appVersion', system.agent.replace(/^Mozilla\//, ''));
  pretend(navigator, 'platform', system.platform);
  pretend(navigator, 'maxTouchPoints', system.touch);
  // It would tell the real browser's name; most of these systems have none.
  pretend(navigator, 'userAgentData', undefined);
}

/** The phone's frame stands for the phone: a page in it is nobody's frame. Pages framed by that page stay framed. Whether this is at the top. */
function pretendTopLevel() {
  const host = window.parent;
  if (host === window) return true;
  try {
    if (!/^\/(wechat|till)\/?$/.test(host.location.pathname)) return false;
  } catch (_) {
    // Framed by a stranger, which the page shall see.
    return false;
  }
  pretend(window, 'parent', window);
  pretend(window, 'frameElement', null);
  // Another program than this page's may be in front of the phone: WeChat, started from a browser.
  if (host.phoneIsCovered) setSeen(false);
  window.addEventListener('message', (event) => {
    if (event.source !== host || !event.data || typeof event.data.phoneIsCovered !== 'boolean') return;
    event.stopImmediatePropagation();
    setSeen(!event.data.phoneIsCovered);
  });
  return true;
}

/** Whether the payer sees the page. */
function setSeen(seen) {
  if (seen) {
    delete document.visibilityState;
    delete document.hidden;
  } else {
    pretend(document, 'visibilityState', 'hidden');
    pretend(document, 'hidden', true);
  }
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
}

/** Whether the page runs because of the payer's tap. Kernels that cannot tell let everything pass. */
function byGesture() {
  return !navigator.userActivation || navigator.userActivation.isActive;
}
