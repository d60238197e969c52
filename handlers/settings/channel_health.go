package settings

import (
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/channels"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/views"
)

// ShowHealth shows how a channel is doing, and what one can try.
func (h *ChannelTabs) ShowHealth(c echo.Context) error {
	s, err := h.readChannel(c)
	if err != nil {
		return err
	}
	v, err := h.readHealth(c, s.Channel.ID)
	if err != nil {
		return err
	}
	p := views.ChannelHealthPage{
		Shell:       h.page.FillShell(c, "channels.tab.health", "settings"),
		ChannelHead: showChannelHead(c, s, "/health", h.help),
		Health:      v,
	}
	if !s.Product.Fetches {
		p.Public = &views.PublicView{Address: h.publicURL.String(), Listen: h.publicListen}
	}
	if p.Try, err = h.fillTrial(c, s); err != nil {
		return err
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return h.page.Views.ChannelHealthPage(w, p) })
}

func (h *ChannelTabs) readHealth(c echo.Context, id domain.ID) (views.HealthView, error) {
	health, err := h.connections.ReadHealth(c.Request().Context(), web.Operator(c), id)
	return present.ChannelHealth(web.Words(c), id, health), err
}

// ShowHealthCard shows the card alone: it is asked for now and then while the page is open, and answers the button that
// checks the channel.
func (h *ChannelTabs) ShowHealthCard(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	v, err := h.readHealth(c, id)
	if err != nil {
		return err
	}
	return h.page.WriteHTML(
		c,
		http.StatusOK,
		func(w io.Writer) error { return h.page.Views.HealthCard(w, web.Language(c), v) },
	)
}

// CheckHealth has a channel checked now.
func (h *ChannelTabs) CheckHealth(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	if err := h.channels.Check(c.Request().Context(), web.Operator(c), id); err != nil {
		return err
	}
	if !web.IsFragment(c) {
		return web.Redirect(c, "/settings/channels/"+id.String()+"/health")
	}
	return h.ShowHealthCard(c)
}

// fillTrial fills in the form of a trial, nil for channels whose customers have no address to type.
func (h *ChannelTabs) fillTrial(c echo.Context, s channels.Settings) (*views.TryView, error) {
	reach := channels.TrialAddressKind(s.Capabilities)
	if reach == "" || s.Trouble != nil || !s.Channel.Enabled {
		return nil, nil
	}
	v := &views.TryView{
		ID:   s.Channel.ID,
		Once: h.page.NewID(),
		Mail: reach == domain.MailIdentity,
		Free: true,
		Text: web.Words(c).T("try.example"),
	}
	if !s.Capabilities.Templates {
		return v, nil
	}
	all, err := h.channels.ListTemplates(c.Request().Context(), web.Operator(c), s.Channel.ID)
	for _, t := range all {
		if t.CanBeSent() && len(t.Slots()) == 0 {
			v.Templates = append(v.Templates, views.Choice{
				Value: t.Name + "\n" + t.Language,
				Words: t.Name + " · " + t.Language,
			})
		}
	}
	return v, err
}

// SendTrial sends a message at once and shows what the vendor says of it.
func (h *ChannelTabs) SendTrial(c echo.Context) error {
	s, err := h.readChannel(c)
	if err != nil {
		return err
	}
	t := channels.Trial{
		Once: web.ParseID(c.FormValue(web.OnceField)),
		To:   c.FormValue("to"), Text: c.FormValue("text"), Template: c.FormValue("template"),
	}
	if channels.TrialAddressKind(s.Capabilities) == domain.PhoneIdentity {
		t.To = web.ReadPhone(c, t.To)
	}
	result, err := h.channels.Try(c.Request().Context(), web.Operator(c), s.Channel.ID, t)
	v := views.TryResult{Once: h.page.NewID(), VendorID: result.VendorID, Taken: err == nil && result.Failure == nil}
	status := http.StatusOK
	switch {
	case isRefusal(err):
		v.Text, status = h.firstFault(c, err), web.StatusOf(err)
	case err != nil:
		return err
	case result.Failure != nil:
		v.Text, v.Detail = web.Words(c).T(result.Failure.Key), result.Failure.Detail
	}
	return h.page.WriteHTML(c, status, func(w io.Writer) error { return h.page.Views.TryResult(w, web.Language(c), v) })
}

// firstFault gives what is wrong with a small form, in one sentence.
func (h *ChannelTabs) firstFault(c echo.Context, err error) string {
	for _, text := range web.FieldFaults(c, err) {
		return text
	}
	return h.page.Sentence(c, err, web.StatusOf(err))
}

// AskPublic asks for the desk's own public address, as a vendor would.
func (h *ChannelTabs) AskPublic(c echo.Context) error {
	if _, err := h.readChannel(c); err != nil { // only who may see the channel may have the desk ask
		return err
	}
	tone, key, args := h.probe(c.Request().Context())
	v := views.PublicResult{Tone: tone, Text: web.Words(c).T(key, args...)}
	return h.page.WriteHTML(
		c,
		http.StatusOK,
		func(w io.Writer) error { return h.page.Views.PublicResult(w, web.Language(c), v) },
	)
}
