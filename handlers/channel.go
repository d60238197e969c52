package handlers

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk"
	"pult/views"
)

// channels is where a shop connects its accounts at the vendors.
type channels struct {
	desk   *desk.Desk
	page   *pages
	public domain.Origin // by which the internet reaches the webhooks; zero = none is known
	listen string        // origin of the public listener as this machine sees it
	secure bool          // the desk is served over TLS
	help   *help
}

func (h *channels) routes(g *echo.Group) {
	g.GET("/settings", h.home)
	g.GET("/settings/channels", h.list)
	g.POST("/settings/channels", h.create)
	g.GET("/settings/channels/add", h.catalogue)
	g.GET("/settings/channels/add/:kind", h.add)
	g.POST("/settings/channels/fields", h.fields)
	g.GET("/settings/channels/:id", h.show)
	g.POST("/settings/channels/:id", h.update)
	g.GET("/settings/channels/:id/status", h.status)
	g.POST("/settings/channels/:id/enabled", h.enabled)
	g.POST("/settings/channels/:id/remove", h.remove)
}

func (h *channels) home(c echo.Context) error { return redirect(c, "/settings/channels") }

func (h *channels) list(c echo.Context) error {
	list, err := h.desk.ChannelList(c.Request().Context(), who(c))
	if err != nil {
		return err
	}
	p := views.ChannelsPage{Shell: h.page.shell(c, "channels.title", "settings")}
	for _, s := range list {
		p.Rows = append(p.Rows, channelRow(c, s))
	}
	if c.QueryParam("done") == "removed" {
		p.Done = words(c).T("channels.done.removed")
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.ChannelsPage(w, p) })
}

func (h *channels) catalogue(c echo.Context) error {
	kinds, err := h.desk.Kinds(who(c))
	if err != nil {
		return err
	}
	p := views.ChannelCatalogue{Shell: h.page.shell(c, "channels.add", "settings")}
	for _, k := range kinds {
		at := slices.IndexFunc(p.Tiles, func(t views.ChannelTile) bool { return t.Kind == k.Kind })
		if at < 0 {
			p.Tiles, at = append(p.Tiles, views.ChannelTile{Kind: k.Kind}), len(p.Tiles)
		}
		p.Tiles[at].Providers = append(p.Tiles[at].Providers, words(c).T(k.Label))
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.ChannelCatalogue(w, p) })
}

// add shows the empty form. Texts that this desk makes are there already, so that nobody has to press for them.
func (h *channels) add(c echo.Context) error {
	b, err := h.bound(c, domain.ChannelKind(c.Param("kind")), c.QueryParam("driver"))
	if err != nil {
		return err
	}
	b.generate()
	return h.draw(c, http.StatusOK, b)
}

// fields draws the form again without trying anything: another product was chosen, or a random text is wanted.
func (h *channels) fields(c echo.Context) error {
	b, err := h.drafted(c)
	if err != nil {
		return err
	}
	wanted := c.FormValue("generate")
	at := slices.IndexFunc(b.kind.Fields, func(f carrier.Field) bool { return f.Generate && f.Name == wanted })
	if at >= 0 {
		b.form.Values[wanted] = ""
	}
	b.generate()
	switch {
	case !isFragment(c):
		return h.draw(c, http.StatusOK, b)
	case at >= 0:
		field := b.field(c, b.kind.Fields[at])
		return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.ChannelField(w, lang(c), field) })
	}
	form := h.form(c, b)
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.ChannelFields(w, lang(c), form) })
}

func (h *channels) create(c echo.Context) error {
	b, err := h.sent(c)
	if err != nil {
		return err
	}
	made, err := h.desk.ConnectChannel(c.Request().Context(), who(c), b.form)
	if refused(err) {
		return h.refuse(c, b, err)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/settings/channels/"+made.ID.String()+"?done=added")
}

// refused tells whether an error is something to correct in the form.
func refused(err error) bool {
	kind := domain.KindOf(err)
	return kind == domain.Invalid || kind == domain.Conflict
}

// refuse says what is wrong with the form: beside the inputs, which stay as they are, or without script on the page anew.
func (h *channels) refuse(c echo.Context, b *boundChannel, err error) error {
	b.err = err
	if !isFragment(c) {
		return h.draw(c, statusOf(err), b)
	}
	form := h.form(c, b)
	return h.page.html(c, statusOf(err), func(w io.Writer) error { return h.page.views.ChannelFaults(w, lang(c), form) })
}

// form is the form as a page shows it, with the way to our own guide.
func (h *channels) form(c echo.Context, b *boundChannel) views.ChannelForm {
	v := b.view(c)
	v.Help = h.help.address(b.kind.Driver)
	return v
}

// draw shows the whole page with the form: that of a new channel, or that of a known one.
func (h *channels) draw(c echo.Context, status int, b *boundChannel) error {
	form := h.form(c, b)
	if form.New() {
		p := views.ChannelFormPage{Shell: h.page.shell(c, "channels.add", "settings"), Form: form}
		return h.page.html(c, status, func(w io.Writer) error { return h.page.views.ChannelFormPage(w, p) })
	}
	p := views.ChannelPage{
		Shell: h.page.shell(c, "channels.title", "settings"), ChannelHead: channelHead(c, b.known, "", h.help), Setup: h.setup(c, b.known), Form: form,
		Added: c.QueryParam("done") == "added",
	}
	return h.page.html(c, status, func(w io.Writer) error { return h.page.views.ChannelPage(w, p) })
}

func (h *channels) show(c echo.Context) error {
	b, err := h.known(c)
	if err != nil {
		return err
	}
	return h.draw(c, http.StatusOK, b)
}

func (h *channels) update(c echo.Context) error {
	b, err := h.known(c)
	if err != nil {
		return err
	}
	if err := b.read(c); err != nil {
		return err
	}
	b.form.Operators = b.known.Channel.Operators // they have a page of their own
	id := b.known.Channel.ID
	err = h.desk.UpdateChannel(c.Request().Context(), who(c), id, b.form)
	if refused(err) {
		return h.refuse(c, b, err)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/settings/channels/"+id.String()+"?done=saved")
}

// status is asked again and again while the vendor's first call is waited for; until then there is nothing to draw anew, which
// a screen reader would read out each time.
func (h *channels) status(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	s, err := h.desk.ChannelSettings(c.Request().Context(), who(c), id)
	if err != nil {
		return err
	}
	if s.LastEvent.IsZero() {
		return c.NoContent(http.StatusNoContent)
	}
	setup := h.setup(c, s)
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.ChannelStatus(w, lang(c), setup) })
}

// enabled answers htmx with the row of the list; without script it leads back to the list.
func (h *channels) enabled(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := h.desk.SetChannelEnabled(ctx, who(c), id, c.FormValue("on") != ""); err != nil {
		return err
	}
	if !isFragment(c) {
		return redirect(c, "/settings/channels")
	}
	s, err := h.desk.ChannelSettings(ctx, who(c), id)
	if err != nil {
		return err
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.ChannelRow(w, lang(c), channelRow(c, s)) })
}

func (h *channels) remove(c echo.Context) error {
	b, err := h.known(c)
	if err != nil {
		return err
	}
	err = h.desk.RemoveChannel(c.Request().Context(), who(c), b.known.Channel.ID, c.FormValue("confirm"))
	if refused(err) {
		b.err = err
		return h.draw(c, statusOf(err), b)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/settings/channels?done=removed")
}

// bound is a form for a kind of channel. driver chooses among the products that serve the kind; the first when it is none of them.
func (h *channels) bound(c echo.Context, kind domain.ChannelKind, driver string) (*boundChannel, error) {
	all, err := h.desk.Kinds(who(c))
	if err != nil {
		return nil, err
	}
	b := &boundChannel{secure: h.secure, form: desk.ChannelForm{Values: map[string]string{}}}
	for _, k := range all {
		if k.Kind == kind {
			b.several = append(b.several, k)
		}
	}
	if len(b.several) == 0 {
		return nil, domain.Refuse(domain.NotFound, "error.not_found")
	}
	b.kind = b.several[max(0, slices.IndexFunc(b.several, func(k carrier.Product) bool { return k.Driver == driver }))]
	b.form.Driver = b.kind.Driver
	b.colleagues, err = h.desk.Operators(c.Request().Context(), who(c))
	return b, err
}

// sent is the form of a new channel as it was sent.
func (h *channels) sent(c echo.Context) (*boundChannel, error) {
	b, err := h.bound(c, domain.ChannelKind(c.FormValue("kind")), c.FormValue("driver"))
	if err != nil {
		return nil, err
	}
	return b, b.read(c)
}

// drafted is the form as it was sent, of a new channel or of the known one it names.
func (h *channels) drafted(c echo.Context) (*boundChannel, error) {
	id, err := domain.ParseID(c.FormValue("id"))
	if err != nil {
		return h.sent(c)
	}
	b, err := h.stored(c, id)
	if err != nil {
		return nil, err
	}
	return b, b.read(c)
}

// known is the form of the channel in the path, as it is stored.
func (h *channels) known(c echo.Context) (*boundChannel, error) {
	id, err := pathID(c, "id")
	if err != nil {
		return nil, err
	}
	return h.stored(c, id)
}

func (h *channels) stored(c echo.Context, id domain.ID) (*boundChannel, error) {
	s, err := h.desk.ChannelSettings(c.Request().Context(), who(c), id)
	if err != nil {
		return nil, err
	}
	colleagues, err := h.desk.Operators(c.Request().Context(), who(c))
	return &boundChannel{
		secure: h.secure,
		known:  s, kind: s.Kind, several: []carrier.Product{s.Kind}, colleagues: colleagues,
		form: desk.ChannelForm{Driver: s.Kind.Driver, Name: s.Channel.Name, Values: s.Values, Operators: s.Channel.Operators},
	}, err
}

func channelRow(c echo.Context, s desk.ChannelSettings) views.ChannelRow {
	return views.ChannelRow{
		ID: s.Channel.ID, Kind: s.Channel.Kind, Name: s.Channel.Name, Number: s.Channel.Number, Provider: providerName(c, s.Kind),
		Enabled: s.Channel.Enabled, Trouble: s.Trouble != nil, Health: rowHealth(c, s),
	}
}

// rowHealth is how a channel is doing, as far as the memory knows.
func rowHealth(c echo.Context, s desk.ChannelSettings) views.HealthView {
	v := healthView(words(c), s.Channel.ID, s.Health)
	v.LastEvent = s.LastEvent
	return v
}

// providerName is the product's name; a driver that this version does not know is called by its own.
func providerName(c echo.Context, k carrier.Product) string {
	if k.Label == "" {
		return k.Driver
	}
	return words(c).T(k.Label)
}

// setup is what is left to do at the vendor.
func (h *channels) setup(c echo.Context, s desk.ChannelSettings) views.ChannelSetup {
	origin := h.public.String()
	if h.public.IsZero() {
		origin = h.listen
	}
	v := views.ChannelSetup{
		ID: s.Channel.ID, Address: origin + "/hooks/" + s.Channel.Key, Public: !h.public.IsZero(), Listen: h.listen,
		Number: s.Channel.Number, LastEvent: s.LastEvent, Fetches: s.Kind.Fetches,
	}
	v.Snippet = strings.NewReplacer("{origin}", origin, "{key}", s.Channel.Key).Replace(s.Kind.Snippet)
	for _, f := range s.Kind.Fields {
		if f.Generate && s.Values[f.Name] != "" {
			v.Tokens = append(v.Tokens, views.ChannelField{Name: f.Name, Label: words(c).T(f.Label), Value: s.Values[f.Name]})
		}
	}
	for _, key := range s.Kind.Prerequisites {
		v.Before = append(v.Before, views.Choice{Value: key, Words: words(c).T(key), Chosen: slices.Contains(s.Channel.Ticked, key)})
	}
	for _, key := range s.Kind.Steps {
		v.Steps = append(v.Steps, words(c).T(key))
	}
	for _, e := range s.Kind.Events {
		event := views.ChannelEvent{Key: e, Name: e, Code: true, Ticked: slices.Contains(s.Channel.Ticked, e)}
		if strings.Contains(e, ".") {
			event.Name, event.Code = words(c).T(e), false
		}
		v.Events = append(v.Events, event)
	}
	return v
}

// faultOf is the refusal in an error, nil when there is none.
func faultOf(err error) *domain.Error {
	var e *domain.Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}
