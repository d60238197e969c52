package present

import (
	"strings"

	"pult/i18n"
)

// sign is what a browser's own name holds, and what that means. The first that fits counts: most browsers claim to be
// others as well.
type sign struct{ holds, means string }

var browserSigns = []sign{
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Vivaldi/", "Vivaldi"},
	{"FxiOS/", "Firefox"}, {"Firefox/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chromium/", "Chromium"},
	{"HeadlessChrome/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
}

var systemSigns = []sign{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
	{"Mac OS X", "macOS"}, {"Linux", "Linux"},
}

func findSign(name string, signs []sign) string {
	for _, s := range signs {
		if strings.Contains(name, s.holds) {
			return s.means
		}
	}
	return ""
}

// Browser says in words which browser on which system calls itself by a name.
func Browser(words *i18n.Localizer, name string) string {
	browser, system := findSign(name, browserSigns), findSign(name, systemSigns)
	switch {
	case browser != "" && system != "":
		return words.T("profile.browser", "browser", browser, "system", system)
	case browser+system != "":
		return browser + system
	}
	return words.T("profile.browser_unknown")
}
