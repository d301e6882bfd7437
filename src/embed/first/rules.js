// Written by tests/first.rs out of src/first.rs: UPDATE_GOLDEN=1 cargo test --test first
/** What the user agent of a computer's own browser has none of. */
export const AGENTS = /wxwork|MicroMessenger|AlipayClient|AliApp\(AP\/|UnionPay| QQ\/|iPad|\(Tablet;|MacWechat|Mobile|iPhone|Android/i;
export const CODE_START = 'weixin://';
export const CODE_MAX = 512;
export const RETURNED = 'wc_return';
/** What is kept for an order has a name that begins so. */
export const KEPT = 'wechat-cashier ';
/** And what is kept of a payment that was asked for, but for the key of the question. */
export const KEPT_QUESTION = "wc2\n\nnative\n";
export const KEY_START = 'wc1-';
/** Of the contract's own ways to pay, those that do not work on a computer, and all. */
export const ELSEWHERE = ['jsapi', 'mini_program', 'payment_code'];
export const KNOWN = ['native', 'h5', ...ELSEWHERE];
/** Of the currencies that the first picture writes, the exponent of ISO 4217, and the sign, in each language where it differs. */
export const MONEY = { CNY: [2, '¥', 'CN¥', 'CN¥'], HKD: [2, 'HK$'], USD: [2, 'US$', 'US$', '$'], JPY: [0, 'JP¥', '¥', '¥'], EUR: [2, '€'], GBP: [2, '£'], AUD: [2, 'AU$', 'AU$', 'A$'], CAD: [2, 'CA$'], NZD: [2, 'NZ$'], KRW: [0, '₩'], TWD: [2, 'NT$'] };
export const DRESSED_MAX = 999999999999999;
/** An amount of more signs is written smaller. */
export const LONG = [6, 9, 17];
export const FOLDED_FROM = 64;
export const SHORT_S = 60;
export const PARTS = ['bill', 'merchant', 'logo', 'amount', 'description', 'order', 'stage', 'method', 'qr', 'title', 'small', 'time', 'actions', 'button', 'ways'];
// The texts of the picture: which of these lists each is. A number, so that no name of it reaches the payer.
export const WechatPay = 0;
export const AmountDue = 1;
export const Ways = 2;
export const OrderNumber = 3;
export const ScanHint = 4;
export const ScanOnly = 5;
export const QrAlt = 6;
export const TimeLeft = 7;
export const HavePaid = 8;
export const NewCode = 9;
/** Where they are in the list of words. */
export const WORDS = [0, 1, 4, 10, 14, 15, 19, 20, 22, 23];
/** The built-in ones, which are then not waited for. */
export const SAID = { 'zh-CN': ['微信支付', '应付金额', '其他付款方式', '订单号', '打开微信“扫一扫”付款', '请用手机摄像头扫码，长按或从相册识别无效', '二维码：{}', '剩余时间', '我已付款', '换一个二维码'], 'zh-HK': ['微信支付', '應付金額', '其他付款方式', '訂單編號', '打開微信「掃一掃」付款', '請用手機鏡頭掃描，長按或從相簿識別無效', '二維碼：{}', '剩餘時間', '我已付款', '更換二維碼'], 'en': ['WeChat Pay', 'Amount due', 'Other ways to pay', 'Order', 'Open WeChat and use Scan to pay', 'Use the phone’s camera: a long press or a picture from the album does not work', 'QR code: {}', 'Time left', 'I have paid', 'New code'] };
