package settings

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/channels"
	"pult/domain/desk/people"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/views"
)

// Channels is where a shop connects its accounts at the vendors.
type Channels struct {
	channels     *channels.Service
	people       *people.Service
	page         *web.Pages
	publicURL    domain.Origin // of the public listener as vendors know it; zero = none is known
	publicListen string        // origin of the public listener on this machine
	secure       bool          // the desk is served over TLS
	help         *Help
}

// Home leads to the first page of the settings.
func (h *Channels) Home(c echo.Context) error { return web.Redirect(c, "/settings/channels") }

// List shows all channels with how they are doing.
func (h *Channels) List(c echo.Context) error {
	list, err := h.channels.List(c.Request().Context(), web.Operator(c))
	if err != nil {
		return err
	}
	p := views.ChannelsPage{Shell: h.page.FillShell(c, "channels.title", "settings")}
	for _, s := range list {
		p.Rows = append(p.Rows, showChannelRow(c, s))
	}
	if c.QueryParam("done") == "removed" {
		p.Done = web.Words(c).T("channels.done.removed")
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return h.page.Views.ChannelsPage(w, p) })
}

// ShowCatalogue shows the kinds of channel that can be connected.
func (h *Channels) ShowCatalogue(c echo.Context) error {
	products, err := h.channels.ListProducts(web.Operator(c))
	if err != nil {
		return err
	}
	p := views.ChannelCatalogue{Shell: h.page.FillShell(c, "channels.add", "settings")}
	for _, product := range products {
		at := slices.IndexFunc(p.Tiles, func(t views.ChannelTile) bool { return t.Kind == product.Kind })
		if at < 0 {
			p.Tiles, at = append(p.Tiles, views.ChannelTile{Kind: product.Kind}), len(p.Tiles)
		}
		p.Tiles[at].Providers = append(p.Tiles[at].Providers, web.Words(c).T(product.Label))
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return h.page.Views.ChannelCatalogue(w, p) })
}

// ShowNew shows the empty form. Texts that this desk makes are there already, so that nobody has to press for them.
func (h *Channels) ShowNew(c echo.Context) error {
	b, err := h.bindForm(c, domain.ChannelKind(c.Param("kind")), c.QueryParam("driver"))
	if err != nil {
		return err
	}
	b.generateTexts("")
	b.form.Once = h.page.NewID()
	return h.drawPage(c, http.StatusOK, b)
}

// ShowFields draws the form again without trying anything: another product was chosen, or a random text is wanted.
func (h *Channels) ShowFields(c echo.Context) error {
	b, err := h.readDraft(c)
	if err != nil {
		return err
	}
	wanted := c.FormValue("generate")
	at := slices.IndexFunc(b.product.Fields, func(f carrier.Field) bool { return f.Generate && f.Name == wanted })
	b.generateTexts(wanted)
	switch {
	case !web.IsFragment(c):
		return h.drawPage(c, http.StatusOK, b)
	case at >= 0:
		field := b.showField(c, b.product.Fields[at])
		return h.page.WriteHTML(
			c,
			http.StatusOK,
			func(w io.Writer) error { return h.page.Views.ChannelField(w, web.Language(c), field) },
		)
	}
	form := h.fillForm(c, b)
	return h.page.WriteHTML(
		c,
		http.StatusOK,
		func(w io.Writer) error { return h.page.Views.ChannelFields(w, web.Language(c), form) },
	)
}

// Create connects a channel once the vendor has accepted what was entered.
func (h *Channels) Create(c echo.Context) error {
	b, err := h.readNew(c)
	if err != nil {
		return err
	}
	made, err := h.channels.Connect(c.Request().Context(), web.Operator(c), b.form)
	if isRefusal(err) {
		return h.refuseForm(c, b, err)
	}
	if err != nil {
		return err
	}
	h.page.Record(c, "channel_connected", "channel", made.ID.String(), "operators", web.JoinIDs(made.Operators))
	return web.Redirect(c, "/settings/channels/"+made.ID.String()+"?done=added")
}

// isRefusal reports whether an error is something to correct in the form.
func isRefusal(err error) bool {
	kind := domain.KindOf(err)
	return kind == domain.Invalid || kind == domain.Conflict
}

// refuseForm says what is wrong with the form: beside the inputs, which stay as they are, or without script on the page
// anew.
func (h *Channels) refuseForm(c echo.Context, b *channelForm, err error) error {
	b.err = err
	if !web.IsFragment(c) {
		return h.drawPage(c, web.StatusOf(err), b)
	}
	form := h.fillForm(c, b)
	return h.page.WriteHTML(
		c,
		web.StatusOf(err),
		func(w io.Writer) error { return h.page.Views.ChannelFaults(w, web.Language(c), form) },
	)
}

// fillForm fills in the form as a page shows it, with the way to our own guide.
func (h *Channels) fillForm(c echo.Context, b *channelForm) views.ChannelForm {
	v := b.fillView(c)
	v.Help = h.help.findGuide(b.product.Driver)
	return v
}

// drawPage shows the whole page with the form: that of a new channel, or that of a connected one.
func (h *Channels) drawPage(c echo.Context, status int, b *channelForm) error {
	form := h.fillForm(c, b)
	if form.New() {
		p := views.ChannelFormPage{Shell: h.page.FillShell(c, "channels.add", "settings"), Form: form}
		return h.page.WriteHTML(c, status, func(w io.Writer) error { return h.page.Views.ChannelFormPage(w, p) })
	}
	p := views.ChannelPage{
		Shell:       h.page.FillShell(c, "channels.title", "settings"),
		ChannelHead: showChannelHead(c, b.stored, "", h.help),
		Setup:       h.fillSetup(c, b.stored),
		Form:        form,
		Added:       c.QueryParam("done") == "added",
	}
	return h.page.WriteHTML(c, status, func(w io.Writer) error { return h.page.Views.ChannelPage(w, p) })
}

// Show shows the page of a channel.
func (h *Channels) Show(c echo.Context) error {
	b, err := h.readStored(c)
	if err != nil {
		return err
	}
	return h.drawPage(c, http.StatusOK, b)
}

// Update stores what was entered once the vendor has accepted it.
func (h *Channels) Update(c echo.Context) error {
	b, err := h.readStored(c)
	if err != nil {
		return err
	}
	if err := b.readForm(c); err != nil {
		return err
	}
	b.form.Operators = b.stored.Channel.Operators // they have a page of their own
	id := b.stored.Channel.ID
	err = h.channels.Update(c.Request().Context(), web.Operator(c), id, b.form)
	if isRefusal(err) {
		return h.refuseForm(c, b, err)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/settings/channels/"+id.String()+"?done=saved")
}

// ShowStatus shows what is left to do once the vendor's first call has come. It is asked again and again until then,
// and answers with nothing: a screen reader would read it out each time.
func (h *Channels) ShowStatus(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	s, err := h.channels.Read(c.Request().Context(), web.Operator(c), id)
	if err != nil {
		return err
	}
	if s.LastEvent.IsZero() {
		return c.NoContent(http.StatusNoContent)
	}
	setup := h.fillSetup(c, s)
	return h.page.WriteHTML(
		c,
		http.StatusOK,
		func(w io.Writer) error { return h.page.Views.ChannelStatus(w, web.Language(c), setup) },
	)
}

// SetEnabled answers htmx with the row of the list; without script it leads back to the list.
func (h *Channels) SetEnabled(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	if err := h.channels.SetEnabled(ctx, web.Operator(c), id, c.FormValue("on") != ""); err != nil {
		return err
	}
	if !web.IsFragment(c) {
		return web.Redirect(c, "/settings/channels")
	}
	s, err := h.channels.Read(ctx, web.Operator(c), id)
	if err != nil {
		return err
	}
	return h.page.WriteHTML(
		c,
		http.StatusOK,
		func(w io.Writer) error { return h.page.Views.ChannelRow(w, web.Language(c), showChannelRow(c, s)) },
	)
}

// Remove takes a channel away after its name was typed as a confirmation.
func (h *Channels) Remove(c echo.Context) error {
	b, err := h.readStored(c)
	if err != nil {
		return err
	}
	err = h.channels.Remove(c.Request().Context(), web.Operator(c), b.stored.Channel.ID, c.FormValue("confirm"))
	if isRefusal(err) {
		b.err = err
		return h.drawPage(c, web.StatusOf(err), b)
	}
	if err != nil {
		return err
	}
	h.page.Record(c, "channel_removed", "channel", b.stored.Channel.ID.String())
	return web.Redirect(c, "/settings/channels?done=removed")
}

// bindForm prepares a form for a kind of channel. driver chooses among the products that serve the kind; the first when
// it is none of them.
func (h *Channels) bindForm(c echo.Context, kind domain.ChannelKind, driver string) (*channelForm, error) {
	all, err := h.channels.ListProducts(web.Operator(c))
	if err != nil {
		return nil, err
	}
	b := &channelForm{secure: h.secure, form: channels.Form{Values: map[string]string{}}}
	for _, k := range all {
		if k.Kind == kind {
			b.products = append(b.products, k)
		}
	}
	if len(b.products) == 0 {
		return nil, domain.ErrNotFound
	}
	b.product = b.products[max(0, slices.IndexFunc(b.products, func(k carrier.Product) bool { return k.Driver == driver }))]
	b.form.Driver = b.product.Driver
	b.colleagues, err = h.people.Operators(c.Request().Context(), web.Operator(c))
	return b, err
}

// readNew reads the form of a new channel as it was sent.
func (h *Channels) readNew(c echo.Context) (*channelForm, error) {
	b, err := h.bindForm(c, domain.ChannelKind(c.FormValue("kind")), c.FormValue("driver"))
	if err != nil {
		return nil, err
	}
	return b, b.readForm(c)
}

// readDraft reads the form as it was sent, of a new channel or of the stored one it names.
func (h *Channels) readDraft(c echo.Context) (*channelForm, error) {
	id, err := domain.ParseID(c.FormValue("id"))
	if err != nil {
		return h.readNew(c)
	}
	b, err := h.loadForm(c, id)
	if err != nil {
		return nil, err
	}
	return b, b.readForm(c)
}

// readStored reads the form of the channel in the path, as it is stored.
func (h *Channels) readStored(c echo.Context) (*channelForm, error) {
	id, err := web.PathID(c, "id")
	if err != nil {
		return nil, err
	}
	return h.loadForm(c, id)
}

func (h *Channels) loadForm(c echo.Context, id domain.ID) (*channelForm, error) {
	s, err := h.channels.Read(c.Request().Context(), web.Operator(c), id)
	if err != nil {
		return nil, err
	}
	colleagues, err := h.people.Operators(c.Request().Context(), web.Operator(c))
	return &channelForm{
		secure: h.secure,
		stored: s, product: s.Product, products: []carrier.Product{s.Product}, colleagues: colleagues,
		form: channels.Form{
			Driver:    s.Product.Driver,
			Name:      s.Channel.Name,
			Values:    s.Values,
			Operators: s.Channel.Operators,
		},
	}, err
}

func showChannelRow(c echo.Context, s channels.Settings) views.ChannelRow {
	return views.ChannelRow{
		ID:       s.Channel.ID,
		Kind:     s.Channel.Kind,
		Name:     s.Channel.Name,
		Number:   s.Channel.Number,
		Provider: nameProvider(c, s.Product),
		Enabled:  s.Channel.Enabled,
		Trouble:  troubleWords(s.Trouble),
		Health:   showRowHealth(c, s),
	}
}

// troubleWords is the message key of why a channel's settings cannot be used, "" when they can.
func troubleWords(trouble error) string {
	switch {
	case trouble == nil:
		return ""
	case errors.Is(trouble, carrier.ErrSecretsLost):
		return "channels.secrets_lost"
	}
	return "channels.trouble_hint"
}

// showRowHealth shows how a channel is doing, as far as the memory knows.
func showRowHealth(c echo.Context, s channels.Settings) views.HealthView {
	v := present.Health(web.Words(c), s.Channel.ID, s.Health)
	v.LastEvent = s.LastEvent
	return v
}

// nameProvider gives the product's name; a driver that this version does not know is called by its own.
func nameProvider(c echo.Context, k carrier.Product) string {
	if k.Label == "" {
		return k.Driver
	}
	return web.Words(c).T(k.Label)
}

// fillSetup fills in what is left to do at the vendor.
func (h *Channels) fillSetup(c echo.Context, s channels.Settings) views.ChannelSetup {
	origin := h.publicURL.String()
	if h.publicURL.IsZero() {
		origin = h.publicListen
	}
	v := views.ChannelSetup{
		ID:        s.Channel.ID,
		Address:   origin + "/hooks/" + s.Channel.Key,
		Public:    !h.publicURL.IsZero(),
		Listen:    h.publicListen,
		Number:    s.Channel.Number,
		LastEvent: s.LastEvent,
		Fetches:   s.Product.Fetches,
	}
	v.Snippet = strings.NewReplacer("{origin}", origin, "{key}", s.Channel.Key).Replace(s.Product.Snippet)
	for _, f := range s.Product.Fields {
		if f.Generate && s.Values[f.Name] != "" {
			v.Tokens = append(v.Tokens, views.ChannelField{
				Name:  f.Name,
				Label: web.Words(c).T(f.Label),
				Value: s.Values[f.Name],
			})
		}
	}
	for _, key := range s.Product.Prerequisites {
		v.Before = append(v.Before, views.Choice{
			Value:  key,
			Words:  web.Words(c).T(key),
			Chosen: slices.Contains(s.Channel.Ticked, key),
		})
	}
	for _, key := range s.Product.Steps {
		v.Steps = append(v.Steps, web.Words(c).T(key))
	}
	for _, e := range s.Product.Events {
		event := views.ChannelEvent{Key: e, Name: e, Code: true, Ticked: slices.Contains(s.Channel.Ticked, e)}
		if strings.Contains(e, ".") {
			event.Name, event.Code = web.Words(c).T(e), false
		}
		v.Events = append(v.Events, event)
	}
	return v
}

// asRefusal is the refusal in an error, nil when there is none.
func asRefusal(err error) *domain.Error {
	var e *domain.Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}
