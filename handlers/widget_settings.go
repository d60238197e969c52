package handlers

import (
	"io"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/i18n"
	"pult/views"
)

// appearance is how a web chat looks and what it says by itself, with a preview that follows what is being typed.
type appearance struct {
	desk   *desk.Desk
	page   *pages
	widget *widget // draws the preview as visitors see it
	help   *help
}

func (h *appearance) routes(g *echo.Group) {
	g.GET("/settings/channels/:id/appearance", h.show)
	g.POST("/settings/channels/:id/appearance", h.save)
	g.GET("/settings/channels/:id/appearance/preview", h.preview)
	g.GET("/settings/channels/:id/appearance/colours.css", h.colours)
}

// chat is the web chat in the path; a channel of another kind has no appearance.
func (h *appearance) chat(c echo.Context) (desk.ChannelSettings, error) {
	id, err := pathID(c, "id")
	if err != nil {
		return desk.ChannelSettings{}, err
	}
	s, err := h.desk.ChannelSettings(c.Request().Context(), who(c), id)
	if err == nil && !s.Capabilities.Visitors {
		err = domain.Refuse(domain.NotFound, "error.not_found")
	}
	return s, err
}

func (h *appearance) show(c echo.Context) error {
	s, err := h.chat(c)
	if err != nil {
		return err
	}
	return h.draw(c, http.StatusOK, s, domain.WebChatOf(&s.Channel), nil)
}

func (h *appearance) save(c echo.Context) error {
	s, err := h.chat(c)
	if err != nil {
		return err
	}
	form, err := readForm(c)
	if err != nil {
		return err
	}
	w := readAppearance(form)
	err = h.desk.SetWebChat(c.Request().Context(), who(c), s.Channel.ID, w)
	if err != nil && domain.KindOf(err) == domain.Invalid {
		return h.draw(c, http.StatusUnprocessableEntity, s, w, fields(c, err))
	}
	if err != nil {
		return err
	}
	return redirect(c, "/settings/channels/"+s.Channel.ID.String()+"/appearance?done=saved")
}

// readAppearance reads the form; the desk says what is wrong with it.
func readAppearance(form url.Values) domain.WebChatSettings {
	w := domain.WebChatSettings{
		Colour: form.Get("colour"), Left: form.Get("position") == "left", Details: domain.VisitorDetails(form.Get("details")),
		Greeting: map[domain.Language]string{}, FollowUp: map[domain.Language]string{},
	}
	for _, l := range domain.Languages {
		w.Greeting[l], w.FollowUp[l] = form.Get("greeting_"+string(l)), form.Get("follow_up_"+string(l))
	}
	return w
}

func (h *appearance) draw(c echo.Context, status int, s desk.ChannelSettings, w domain.WebChatSettings, faults map[string]string) error {
	base := "/settings/channels/" + s.Channel.ID.String() + "/appearance"
	p := views.AppearancePage{
		Shell: h.page.shell(c, "webchat.appearance", "settings"), ChannelHead: channelHead(c, s, "/appearance", h.help), Colour: w.Colour, Left: w.Left,
		Preview: base + "/preview?" + url.Values{"spoken": {lang(c)}}.Encode(), Faults: faults,
	}
	for _, d := range domain.AllVisitorDetails {
		p.Details = append(p.Details, views.Choice{Value: string(d), Words: words(c).T(detailWords[d]), Chosen: d == w.Details})
	}
	for _, l := range domain.Languages {
		name, own := words(c).T("language."+string(l)), i18n.For(string(l))
		text := func(field, value, builtIn string) views.AppearanceText {
			return views.AppearanceText{Field: field + "_" + string(l), Language: string(l), Words: name, Value: value, BuiltIn: builtIn}
		}
		p.Greeting = append(p.Greeting, text("greeting", w.Greeting[l], own.T("widget.greeting")))
		p.FollowUp = append(p.FollowUp, text("follow_up", w.FollowUp[l], own.T("widget.follow_up")))
		p.Spoken = append(p.Spoken, views.Choice{Value: string(l), Words: name, Chosen: string(l) == lang(c)})
	}
	return h.page.html(c, status, func(w io.Writer) error { return h.page.views.AppearancePage(w, p) })
}

// detailWords are the message keys of the choices.
var detailWords = map[domain.VisitorDetails]string{
	domain.AskNothing: "webchat.details.none", domain.AskName: "webchat.details.name", domain.AskEmail: "webchat.details.email", domain.AskBoth: "webchat.details.both",
}

// preview draws the page as a visitor would see it with what is in the form, or without a form as it is stored.
func (h *appearance) preview(c echo.Context) error {
	s, err := h.chat(c)
	if err != nil {
		return err
	}
	w := domain.WebChatOf(&s.Channel)
	if c.QueryParams().Has("colour") {
		w = previewed(&s.Channel, readAppearance(c.QueryParams()))
	}
	spoken := among(c.QueryParam("spoken"), i18n.Languages)
	p := previewPage(spoken, h.widget.title(c), w)
	p.Colours = "/settings/channels/" + s.Channel.ID.String() + "/appearance/colours.css?" + url.Values{"colour": {w.Colour}}.Encode()
	c.Response().Header().Set("X-Frame-Options", "SAMEORIGIN")
	allowFrames(c, "'self'")
	return h.page.html(c, http.StatusOK, func(out io.Writer) error { return h.page.views.WidgetPage(out, p) })
}

// previewed is what would be stored; a form with a fault is previewed without what is at fault.
func previewed(channel *domain.Channel, w domain.WebChatSettings) domain.WebChatSettings {
	c := domain.Channel{Settings: map[string]string{}}
	if err := w.Keep(&c); err != nil {
		return domain.WebChatOf(channel)
	}
	return domain.WebChatOf(&c)
}

func previewPage(spoken, title string, w domain.WebChatSettings) views.WidgetPage {
	text := w.Greeting[domain.Language(spoken)]
	if text == "" {
		text = i18n.For(spoken).T("widget.greeting")
	}
	name, email := new(domain.Visitor).MissingDetails(w.Details)
	return views.WidgetPage{
		Lang: spoken, Title: title, Preview: true, Left: w.Left, Form: views.WidgetForm{AskName: name, AskEmail: email},
		Thread: views.WidgetThread{Lang: spoken, Title: title, Greeting: text},
	}
}

// colours is the style sheet of the preview.
func (h *appearance) colours(c echo.Context) error {
	if _, err := h.chat(c); err != nil {
		return err
	}
	w := previewed(&domain.Channel{}, domain.WebChatSettings{Colour: c.QueryParam("colour"), Details: domain.AskNothing})
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", colourSheet(w.Colour))
}

// tabsOf are the pages that the kind of a channel has beside its settings.
func tabsOf(c echo.Context, s desk.ChannelSettings) (list []views.Choice) {
	for _, t := range s.Kind.Tabs {
		address := "/settings/channels/" + s.Channel.ID.String() + "/" + t.Path
		list = append(list, views.Choice{Value: address, Words: words(c).T(t.Label), Chosen: c.Request().URL.Path == address})
	}
	return list
}
