// What WCAG 2.2 AA would find wrong in the page that this is evaluated in, as a list of sentences: contrast of text (1.4.3),
// reflow (1.4.10), size of targets (2.5.8), one first heading (1.3.1). It runs in the browser, so it is no TypeScript.
(() => {
  const flaws = [];
  const channelsOf = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [red = 0, green = 0, blue = 0] = channelsOf(color).map((each) => {
      const share = each / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) => {
    if (!element) return "rgb(255, 255, 255)";
    const { backgroundColor } = getComputedStyle(element);
    return channelsOf(backgroundColor)[3] === 0 ? behind(element.parentElement) : backgroundColor;
  };
  const hasText = (element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
  const texts = [...document.body.querySelectorAll("*")].filter(hasText);
  if (texts.length < 5) flaws.push(`only ${texts.length} texts`);
  for (const element of texts) {
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) flaws.push(`${element.tagName} has contrast ${ratio.toFixed(2)}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) flaws.push("scrolls sideways");
  for (const button of document.querySelectorAll("button"))
    if (button.getBoundingClientRect().height < 24) flaws.push("a button is too small");
  const levels = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map(({ tagName }) => Number(tagName[1]));
  if (levels[0] !== 1 || levels.filter((level) => level === 1).length !== 1) flaws.push(`headings ${levels}`);
  return flaws;
})();
