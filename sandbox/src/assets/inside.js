// The phone, as the page inside it sees it: the start. `mod.rs` puts the parts of `inside/` before it.

try {
  const settings = readSettingsNow();
  const weChat = settings.system === null ? weChatOf(navigator.userAgent) : weChatOf((SYSTEMS[settings.system] || { agent: '' }).agent);
  pretendSystem(settings.system);
  const isTop = pretendTopLevel();
  if (weChat === 'mini_program') window.__wxjs_environment = 'miniprogram';
  // WeChat gives none to frames (field problem 2).
  if (isTop) installBridge(weChat, settings, new Layer());
  sizeText(settings.font_percent);
} catch (error) {
  // A page is not to fail because of the phone.
  console.warn('The phone failed:', error);
}
