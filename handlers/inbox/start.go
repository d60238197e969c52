package inbox

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/nyaruka/phonenumbers"

	"pult/domain"
	"pult/domain/desk/channels"
	"pult/domain/desk/chats"
	"pult/domain/desk/connections"
	"pult/domain/desk/outbound"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/views"
)

// contactsOffered is how many contacts a search offers.
const contactsOffered = 8

// Start is the way to write to somebody first.
type Start struct {
	channels    *channels.Service
	chats       *chats.Service
	connections *connections.Service
	outbound    *outbound.Service
	page        *web.Pages
}

// Show shows the choice of channel, recipient and template.
func (h *Start) Show(c echo.Context) error {
	p, channel, err := h.fillPage(c, c.QueryParams())
	if err != nil {
		return err
	}
	if channel != nil && !p.Chosen {
		if p.Results, err = h.findResults(c, channel); err != nil {
			return err
		}
	}
	return h.drawPage(c, http.StatusOK, p)
}

// fillPage fills the page from what was chosen so far. channel is nil when the reader can begin on none.
func (h *Start) fillPage(c echo.Context, q url.Values) (p views.StartPage, channel *domain.Channel, err error) {
	ctx := c.Request().Context()
	channels, err := h.listChannels(c)
	if err != nil || len(channels) == 0 {
		return p, nil, err
	}
	channel = pickChannel(channels, web.ParseID(q.Get("channel")))
	p.Text = strings.TrimSpace(q.Get("q"))
	begins := h.outbound.HowToStart(ctx, web.Operator(c), channel.ID)
	p.Mail = begins == outbound.StartWithLetter
	for _, one := range channels {
		p.Channels = append(p.Channels, views.StartChannel{
			ID:      one.ID,
			Name:    one.Name,
			Number:  one.Number,
			Current: one.ID == channel.ID,
		})
	}
	if p.To, p.Chosen, err = h.readRecipient(c, channel, q); err != nil || !p.Chosen {
		return p, channel, err
	}
	if begins != outbound.StartWithTemplate {
		p.Letter = &views.LetterForm{MessageID: h.page.NewID(), ChannelID: channel.ID, To: p.To, Plain: !p.Mail}
		if p.Mail {
			p.Letter.Signature = web.Operator(c).Preferences.Signature
		}
		return p, channel, nil
	}
	all, err := h.channels.ListTemplates(ctx, web.Operator(c), channel.ID)
	p.List = h.fillTemplateList(c, all, carryChoice(channel.ID, p.To))
	return p, channel, err
}

// listChannels lists the channels that work and on which we may write first.
func (h *Start) listChannels(c echo.Context) ([]*domain.Channel, error) {
	list, err := h.connections.ListChannels(c.Request().Context(), web.Operator(c))
	return slices.DeleteFunc(list, func(one *domain.Channel) bool {
		return !one.Enabled || h.outbound.HowToStart(c.Request().Context(), web.Operator(c), one.ID) == ""
	}), err
}

func pickChannel(list []*domain.Channel, id domain.ID) *domain.Channel {
	for _, one := range list {
		if one.ID == id {
			return one
		}
	}
	return list[0]
}

// carryChoice gives what the addresses of the next step carry on: the channel and the recipient.
func carryChoice(channel domain.ID, to views.RecipientView) url.Values {
	q := url.Values{"channel": {channel.String()}}
	if to.ContactID.IsZero() {
		q.Set("number", to.Number)
	} else {
		q.Set("contact", to.ContactID.String())
	}
	return q
}

// readRecipient reads whom the reader chose: a contact, or a number nobody wrote from yet.
func (h *Start) readRecipient(
	c echo.Context,
	channel *domain.Channel,
	q url.Values,
) (views.RecipientView, bool, error) {
	if id := web.ParseID(q.Get("contact")); !id.IsZero() {
		contact, err := h.chats.ReadContact(c.Request().Context(), web.Operator(c), id)
		if h.isLetterChannel(c, channel) {
			return showMailRecipient(contact.Contact), err == nil && contact.Mail() != "", err
		}
		return views.RecipientView{
			ContactID: contact.ID,
			Name:      contact.Title(),
			Number:    contact.Phone(),
		}, err == nil, err
	}
	if h.isLetterChannel(c, channel) {
		address := q.Get("address")
		return views.RecipientView{Address: address}, domain.IsEmail(address), nil
	}
	number := web.ParsePhone(q.Get("number"), chooseRegion(channel, web.Language(c)))
	return views.RecipientView{Number: number}, number != "", nil
}

// isLetterChannel reports whether a conversation begins with a letter on a channel.
func (h *Start) isLetterChannel(c echo.Context, channel *domain.Channel) bool {
	return h.outbound.HowToStart(c.Request().Context(), web.Operator(c), channel.ID) == outbound.StartWithLetter
}

// fillTemplateList leaves out nothing, but a template whose header is a file needs a conversation to keep the file in.
func (h *Start) fillTemplateList(c echo.Context, all []domain.MessageTemplate, q url.Values) views.TemplateListView {
	v := h.page.Presenter(c).TemplateList(all, present.ReadTemplatesQuery(c.QueryParams()), "/chats/new/templates", q)
	for i, line := range v.Templates {
		t, err := pickTemplate(all, line.Name, line.Language)
		if err == nil && line.Sendable && needsFile(t) {
			v.Templates[i].Sendable, v.Templates[i].Reason = false, web.Words(c).T("template.reason.file")
		}
	}
	return v
}

func needsFile(t domain.MessageTemplate) bool {
	for _, s := range t.Slots() {
		if s.Media != "" {
			return true
		}
	}
	return false
}

func (h *Start) drawPage(c echo.Context, status int, p views.StartPage) error {
	p.Shell.Lang, p.Standalone = web.Language(c), !web.IsFragment(c)
	if p.Standalone {
		p.Shell = h.page.FillShell(c, "start.title", "chats")
	}
	return h.page.WriteHTML(c, status, func(w io.Writer) error { return h.page.Views.Start(w, p) })
}

// FindContacts answers what is typed into the field of the recipient.
func (h *Start) FindContacts(c echo.Context) error {
	channels, err := h.listChannels(c)
	if err != nil {
		return err
	}
	if len(channels) == 0 {
		return domain.ErrNotFound
	}
	v, err := h.findResults(c, pickChannel(channels, web.QueryID(c, "channel")))
	if err != nil {
		return err
	}
	return h.page.WriteHTML(
		c,
		http.StatusOK,
		func(w io.Writer) error { return h.page.Views.StartResults(w, web.Language(c), v) },
	)
}

func (h *Start) findResults(c echo.Context, channel *domain.Channel) (views.StartResults, error) {
	text := strings.TrimSpace(c.QueryParam("q"))
	v := views.StartResults{
		ChannelID: channel.ID,
		Text:      text,
		Searched:  text != "",
		Number:    web.ParsePhone(text, chooseRegion(channel, web.Language(c))),
	}
	if h.isLetterChannel(c, channel) {
		return h.findLetterResults(c, v)
	}
	list, err := h.chats.ListContacts(c.Request().Context(), web.Operator(c), text, contactsOffered)
	for _, contact := range list {
		v.Contacts = append(v.Contacts, views.StartContact{
			ID:      contact.ID,
			Name:    contact.Title(),
			Number:  contact.Phone(),
			Company: contact.Company,
		})
		if v.Number != "" && contact.HasPhone(v.Number) {
			v.Number = "" // it is somebody we know
		}
	}
	return v, err
}

// chooseRegion chooses the country of the channel's number: colleagues write to neighbours first.
func chooseRegion(channel *domain.Channel, lang string) string {
	if n, err := phonenumbers.Parse(channel.Number, ""); err == nil {
		return phonenumbers.GetRegionCodeForNumber(n)
	}
	return web.Regions[lang]
}

// ListTemplates answers with the templates that match what was typed.
func (h *Start) ListTemplates(c echo.Context) error {
	p, _, err := h.fillPage(c, c.QueryParams())
	if err != nil {
		return err
	}
	return h.page.WriteHTML(
		c,
		http.StatusOK,
		func(w io.Writer) error { return h.page.Views.TemplateList(w, web.Language(c), p.List) },
	)
}

// ShowTemplateForm shows the form of the chosen template; without script the whole page with the form in it.
func (h *Start) ShowTemplateForm(c echo.Context) error {
	v, p, err := h.fillTemplateForm(c, c.QueryParams(), c.QueryParam("name"), c.QueryParam("language"), nil, nil)
	if err != nil {
		return err
	}
	v.MessageID = h.page.NewID()
	return h.drawTemplateForm(c, http.StatusOK, p, v)
}

func (h *Start) drawTemplateForm(c echo.Context, status int, p views.StartPage, v views.TemplateFormView) error {
	if web.IsFragment(c) {
		return h.page.WriteHTML(
			c,
			status,
			func(w io.Writer) error { return h.page.Views.TemplateForm(w, web.Language(c), v) },
		)
	}
	p.Form = &v
	return h.drawPage(c, status, p)
}

func (h *Start) fillTemplateForm(
	c echo.Context,
	q url.Values,
	name, language string,
	values, sentences map[string]string,
) (views.TemplateFormView, views.StartPage, error) {
	p, channel, err := h.fillPage(c, q)
	if err != nil {
		return views.TemplateFormView{}, p, err
	}
	if channel == nil || !p.Chosen {
		return views.TemplateFormView{}, p, domain.ErrNotFound
	}
	t, err := findTemplate(c.Request().Context(), h.channels, web.Operator(c), channel.ID, name, language)
	v := h.page.Presenter(c).TemplateForm(t, values, sentences)
	v.Action, v.Preview, v.ChannelID, v.To = "/chats/new", "/chats/new/templates/preview", channel.ID, p.To
	return v, p, err
}

// PreviewTemplate draws the message as the values typed so far make it.
func (h *Start) PreviewTemplate(c echo.Context) error {
	form, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	all, err := h.channels.ListTemplates(c.Request().Context(), web.Operator(c), web.ParseID(form.Get("channel")))
	if err != nil {
		return err
	}
	return previewTemplate(c, h.page, all)
}

// Send begins the conversation and leads to it.
func (h *Start) Send(c echo.Context) error {
	form, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	f, err := parseReply(form)
	if err != nil {
		return err
	}
	if form.Has("text") {
		return h.sendLetter(c, form, f)
	}
	id, err := h.outbound.Start(c.Request().Context(), web.Operator(c), outbound.NewConversation{
		ID:        f.ID,
		ChannelID: web.ParseID(form.Get("channel")),
		ContactID: web.ParseID(form.Get("contact")),
		Number:    form.Get("number"),
		Template:  f.templateChoice(),
	})
	if web.IsInvalid(err) {
		return h.refuseTemplate(c, form, f, err)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, web.ChatPath(id, domain.ID{}))
}

func (h *Start) refuseTemplate(c echo.Context, form url.Values, f replyForm, refusal error) error {
	v, p, err := h.fillTemplateForm(c, form, f.Template, f.Language, f.Values, web.FieldFaults(c, refusal))
	if err != nil {
		return err
	}
	v.MessageID, v.Sentence = f.ID, h.page.Sentence(c, refusal, http.StatusUnprocessableEntity)
	return h.drawTemplateForm(c, http.StatusUnprocessableEntity, p, v)
}
