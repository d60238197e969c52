package settings

import (
	"io"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/channels"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/i18n"
	"pult/views"
)

// Appearance is how a web chat looks and what it says by itself, with a preview that follows what is being typed.
type Appearance struct {
	channels *channels.Service
	page     *web.Pages
	help     *Help
}

// readChat reads the web chat in the path; a channel of another kind has no appearance.
func (h *Appearance) readChat(c echo.Context) (channels.Settings, error) {
	id, err := web.PathID(c, "id")
	if err != nil {
		return channels.Settings{}, err
	}
	s, err := h.channels.Read(c.Request().Context(), web.Operator(c), id)
	if err == nil && !s.Capabilities.Visitors {
		err = domain.ErrNotFound
	}
	return s, err
}

// Show shows the form as it is stored.
func (h *Appearance) Show(c echo.Context) error {
	s, err := h.readChat(c)
	if err != nil {
		return err
	}
	return h.drawPage(c, http.StatusOK, s, domain.WebChatOf(&s.Channel), nil)
}

// Save stores the form, or shows it again with its faults.
func (h *Appearance) Save(c echo.Context) error {
	s, err := h.readChat(c)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	w := readAppearance(form)
	err = h.channels.SetWebChat(c.Request().Context(), web.Operator(c), s.Channel.ID, w)
	if web.IsInvalid(err) {
		return h.drawPage(c, http.StatusUnprocessableEntity, s, w, web.FieldFaults(c, err))
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/settings/channels/"+s.Channel.ID.String()+"/appearance?done=saved")
}

// readAppearance reads the form; the desk says what is wrong with it.
func readAppearance(form url.Values) domain.WebChatSettings {
	w := domain.WebChatSettings{
		Colour:   form.Get("colour"),
		Left:     form.Get("position") == "left",
		Details:  domain.VisitorDetails(form.Get("details")),
		Greeting: map[domain.Language]string{},
		FollowUp: map[domain.Language]string{},
	}
	for _, l := range domain.Languages {
		w.Greeting[l], w.FollowUp[l] = form.Get("greeting_"+string(l)), form.Get("follow_up_"+string(l))
	}
	return w
}

func (h *Appearance) drawPage(
	c echo.Context,
	status int,
	s channels.Settings,
	w domain.WebChatSettings,
	faults map[string]string,
) error {
	base := "/settings/channels/" + s.Channel.ID.String() + "/appearance"
	p := views.AppearancePage{
		Shell:       h.page.FillShell(c, "webchat.appearance", "settings"),
		ChannelHead: showChannelHead(c, s, "/appearance", h.help),
		Colour:      w.Colour,
		Left:        w.Left,
		Preview:     base + "/preview?" + url.Values{"spoken": {web.Language(c)}}.Encode(),
		Faults:      faults,
	}
	for _, d := range domain.AllVisitorDetails {
		p.Details = append(p.Details, views.Choice{
			Value:  string(d),
			Words:  web.Words(c).T(detailWords[d]),
			Chosen: d == w.Details,
		})
	}
	for _, l := range domain.Languages {
		name, own := web.Words(c).T("language."+string(l)), i18n.For(string(l))
		text := func(field, value, builtIn string) views.AppearanceText {
			return views.AppearanceText{
				Field:    field + "_" + string(l),
				Language: string(l),
				Words:    name,
				Value:    value,
				BuiltIn:  builtIn,
			}
		}
		p.Greeting = append(p.Greeting, text("greeting", w.Greeting[l], own.T("widget.greeting")))
		p.FollowUp = append(p.FollowUp, text("follow_up", w.FollowUp[l], own.T("widget.follow_up")))
		p.Spoken = append(p.Spoken, views.Choice{Value: string(l), Words: name, Chosen: string(l) == web.Language(c)})
	}
	return h.page.WriteHTML(c, status, func(w io.Writer) error { return h.page.Views.AppearancePage(w, p) })
}

// detailWords are the message keys of the choices.
var detailWords = map[domain.VisitorDetails]string{
	domain.AskNothing: "webchat.details.none",
	domain.AskName:    "webchat.details.name",
	domain.AskEmail:   "webchat.details.email",
	domain.AskBoth:    "webchat.details.both",
}

// Preview draws the page as a visitor would see it with what is in the form, or without a form as it is stored.
func (h *Appearance) Preview(c echo.Context) error {
	s, err := h.readChat(c)
	if err != nil {
		return err
	}
	w := domain.WebChatOf(&s.Channel)
	if c.QueryParams().Has("colour") {
		w = settleAppearance(&s.Channel, readAppearance(c.QueryParams()))
	}
	spoken := present.ChooseName(c.QueryParam("spoken"), i18n.Languages)
	p := showPreview(spoken, h.page.CompanyTitle(c), w)
	p.Colours = "/settings/channels/" + s.Channel.ID.String() + "/appearance/colours.css?" + url.Values{
		"colour": {w.Colour},
	}.Encode()
	c.Response().Header().Set("X-Frame-Options", "SAMEORIGIN")
	web.AllowFrames(c, "'self'")
	return h.page.WriteHTML(c, http.StatusOK, func(out io.Writer) error { return h.page.Views.WidgetPage(out, p) })
}

// settleAppearance gives what would be stored; a form with a fault is previewed without what is at fault.
func settleAppearance(channel *domain.Channel, w domain.WebChatSettings) domain.WebChatSettings {
	c := domain.Channel{Settings: map[string]string{}}
	if err := w.Keep(&c); err != nil {
		return domain.WebChatOf(channel)
	}
	return domain.WebChatOf(&c)
}

func showPreview(spoken, title string, w domain.WebChatSettings) views.WidgetPage {
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

// ServeColours is the style sheet of the preview.
func (h *Appearance) ServeColours(c echo.Context) error {
	if _, err := h.readChat(c); err != nil {
		return err
	}
	w := settleAppearance(&domain.Channel{}, domain.WebChatSettings{
		Colour:  c.QueryParam("colour"),
		Details: domain.AskNothing,
	})
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", present.ColourSheet(w.Colour))
}

// showKindTabs shows the pages that the kind of a channel has beside its settings.
func showKindTabs(c echo.Context, s channels.Settings) (list []views.Choice) {
	for _, t := range s.Product.Tabs {
		address := "/settings/channels/" + s.Channel.ID.String() + "/" + t.Path
		list = append(list, views.Choice{
			Value:  address,
			Words:  web.Words(c).T(t.Label),
			Chosen: c.Request().URL.Path == address,
		})
	}
	return list
}
