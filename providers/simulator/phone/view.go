package phone

import (
	"net/http"
	"strings"

	"pult/i18n"
)

// pageView is the whole page: list of customers, telephone, switches. On a narrow screen the pane says which one is
// seen.
type pageView struct {
	shellView
	People   peopleView
	Create   createView
	Voice    *telephonesView // in place of Chat, for a number that is called
	Chat     *chatView       // nil when no customer is chosen
	Switches switchesView
}

// shellView is what is around everything.
type shellView struct {
	Theme, Title string
	Pane         string            // people, phone or switches
	Panes        map[string]string // address by pane; "" = not there
	Languages    []choiceView
	Devices      []deviceView
}

// choiceView is one of a few things to choose from.
type choiceView struct {
	Words, URL string
	Current    bool
}

func (p *Page) newPageView(r *http.Request, a *ask, pane string) pageView {
	v := pageView{
		shellView: p.newShellView(r, a, pane), People: p.newPeopleView(r, a), Create: a.newCreateForm(),
		Switches: p.newSwitchesView(a),
	}
	v.Panes = map[string]string{"people": a.link(a.number.ID), "switches": a.link(a.number.ID, "switches")}
	if a.isCalled() {
		v.Voice, v.Panes["phone"] = newTelephonesView(p.world, a), a.link(a.number.ID, "telephones")
	}
	if a.customer != nil {
		chat := p.newChatView(a)
		v.Title, v.Chat, v.Panes["phone"], v.Panes["switches"] = chat.Name, &chat, a.here(), chat.Tools
	}
	return v
}

func (p *Page) newShellView(r *http.Request, a *ask, pane string) shellView {
	v := shellView{Theme: a.theme, Pane: pane, Devices: p.newDeviceViews(a)}
	for _, lang := range i18n.Languages {
		v.Languages = append(v.Languages, choiceView{
			Words: strings.ToUpper(lang), URL: r.URL.EscapedPath() + "?lang=" + lang, Current: lang == a.lang,
		})
	}
	return v
}
