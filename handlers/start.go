package handlers

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/nyaruka/phonenumbers"

	"pult/domain"
	"pult/domain/desk"
	"pult/views"
)

// found is how many contacts a search offers.
const found = 8

// start is the choice of channel, recipient and template.
func (h *contacts) start(c echo.Context) error {
	p, channel, err := h.startPage(c, c.QueryParams())
	if err != nil {
		return err
	}
	if channel != nil && !p.Chosen {
		if p.Results, err = h.results(c, channel); err != nil {
			return err
		}
	}
	return h.drawStart(c, http.StatusOK, p)
}

// startPage fills the page from what was chosen so far. channel is nil when the reader can begin on none.
func (h *contacts) startPage(c echo.Context, q url.Values) (p views.StartPage, channel *domain.Channel, err error) {
	ctx := c.Request().Context()
	channels, err := h.channels(c)
	if err != nil || len(channels) == 0 {
		return p, nil, err
	}
	channel = pickChannel(channels, formID(q.Get("channel")))
	p.Text = strings.TrimSpace(q.Get("q"))
	begins := h.desk.Begins(ctx, who(c), channel.ID)
	p.Mail = begins == desk.BeginLetter
	for _, one := range channels {
		p.Channels = append(p.Channels, views.StartChannel{ID: one.ID, Name: one.Name, Number: one.Number, Current: one.ID == channel.ID})
	}
	if p.To, p.Chosen, err = h.recipient(c, channel, q); err != nil || !p.Chosen {
		return p, channel, err
	}
	if begins != desk.BeginTemplate {
		p.Letter = &views.LetterForm{MessageID: h.ids.New(h.now()), ChannelID: channel.ID, To: p.To, Plain: !p.Mail}
		if p.Mail {
			p.Letter.Signature = who(c).Preferences.Signature
		}
		return p, channel, nil
	}
	all, err := h.desk.Templates(ctx, who(c), channel.ID)
	p.List = h.startList(c, all, chosen(channel.ID, p.To))
	return p, channel, err
}

// channels are those that work and on which we may write first.
func (h *contacts) channels(c echo.Context) ([]*domain.Channel, error) {
	list, err := h.desk.Channels(c.Request().Context(), who(c))
	return slices.DeleteFunc(list, func(one *domain.Channel) bool {
		return !one.Enabled || h.desk.Begins(c.Request().Context(), who(c), one.ID) == ""
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

// chosen is what the addresses of the next step carry on.
func chosen(channel domain.ID, to views.RecipientView) url.Values {
	q := url.Values{"channel": {channel.String()}}
	if to.ContactID.IsZero() {
		q.Set("number", to.Number)
	} else {
		q.Set("contact", to.ContactID.String())
	}
	return q
}

// recipient is whom the reader chose: a contact, or a number nobody wrote from yet.
func (h *contacts) recipient(c echo.Context, channel *domain.Channel, q url.Values) (views.RecipientView, bool, error) {
	if id := formID(q.Get("contact")); !id.IsZero() {
		contact, err := h.desk.Contact(c.Request().Context(), who(c), id)
		if h.letters(c, channel) {
			return mailRecipient(contact), err == nil && contact.Mail() != "", err
		}
		return views.RecipientView{ContactID: contact.ID, Name: contact.Title(), Number: contact.Phone()}, err == nil, err
	}
	if h.letters(c, channel) {
		address := q.Get("address")
		return views.RecipientView{Address: address}, domain.IsEmail(address), nil
	}
	number := e164(q.Get("number"), region(channel, lang(c)))
	return views.RecipientView{Number: number}, number != "", nil
}

// letters tells whether a conversation begins with a letter on a channel.
func (h *contacts) letters(c echo.Context, channel *domain.Channel) bool {
	return h.desk.Begins(c.Request().Context(), who(c), channel.ID) == desk.BeginLetter
}

// startList leaves out nothing, but a template whose header is a file needs a conversation to keep the file in.
func (h *contacts) startList(c echo.Context, all []domain.MessageTemplate, q url.Values) views.TemplateListView {
	v := present(c, h.zone, h.now()).templateList(all, c.QueryParam("q"), "/chats/new/templates", q)
	for i, line := range v.Templates {
		t, err := pickTemplate(all, line.Name, line.Language)
		if err == nil && line.Sendable && needsFile(t) {
			v.Templates[i].Sendable, v.Templates[i].Reason = false, words(c).T("template.reason.file")
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

func (h *contacts) drawStart(c echo.Context, status int, p views.StartPage) error {
	p.Shell.Lang, p.Standalone = lang(c), !isFragment(c)
	if p.Standalone {
		p.Shell = h.page.shell(c, "start.title", "chats")
	}
	return h.page.html(c, status, func(w io.Writer) error { return h.page.views.Start(w, p) })
}

// find answers what is typed into the field of the recipient.
func (h *contacts) find(c echo.Context) error {
	channels, err := h.channels(c)
	if err != nil {
		return err
	}
	if len(channels) == 0 {
		return domain.Refuse(domain.NotFound, "error.not_found")
	}
	v, err := h.results(c, pickChannel(channels, queryID(c, "channel")))
	if err != nil {
		return err
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.StartResults(w, lang(c), v) })
}

func (h *contacts) results(c echo.Context, channel *domain.Channel) (views.StartResults, error) {
	text := strings.TrimSpace(c.QueryParam("q"))
	v := views.StartResults{ChannelID: channel.ID, Text: text, Searched: text != "", Number: e164(text, region(channel, lang(c)))}
	if h.letters(c, channel) {
		return h.letterResults(c, v)
	}
	list, err := h.desk.Contacts(c.Request().Context(), who(c), text, found)
	for _, contact := range list {
		v.Contacts = append(v.Contacts, views.StartContact{ID: contact.ID, Name: contact.Title(), Number: contact.Phone(), Company: contact.Company})
		if contact.Phone() == v.Number {
			v.Number = "" // it is somebody we know
		}
	}
	return v, err
}

// regions are the countries in which a number without one is read when the channel has no number of its own.
var regions = map[string]string{"fr": "FR", "cs": "CZ", "en": "GB"}

// region is the country of the channel's number: colleagues write to neighbours first.
func region(channel *domain.Channel, lang string) string {
	if n, err := phonenumbers.Parse(channel.Number, ""); err == nil {
		return phonenumbers.GetRegionCodeForNumber(n)
	}
	return regions[lang]
}

// e164 reads a telephone number as people write it; "" when the text is none that could be dialled.
func e164(text, region string) string {
	n, err := phonenumbers.Parse(text, region)
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return ""
	}
	return phonenumbers.Format(n, phonenumbers.E164)
}

func (h *contacts) list(c echo.Context) error {
	p, _, err := h.startPage(c, c.QueryParams())
	if err != nil {
		return err
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.TemplateList(w, lang(c), p.List) })
}

// form is the form of the chosen template; without script the whole page with the form in it.
func (h *contacts) form(c echo.Context) error {
	v, p, err := h.templateForm(c, c.QueryParams(), c.QueryParam("name"), c.QueryParam("language"), nil, nil)
	if err != nil {
		return err
	}
	v.MessageID = h.ids.New(h.now())
	return h.drawForm(c, http.StatusOK, p, v)
}

func (h *contacts) drawForm(c echo.Context, status int, p views.StartPage, v views.TemplateFormView) error {
	if isFragment(c) {
		return h.page.html(c, status, func(w io.Writer) error { return h.page.views.TemplateForm(w, lang(c), v) })
	}
	p.Form = &v
	return h.drawStart(c, status, p)
}

func (h *contacts) templateForm(c echo.Context, q url.Values, name, language string, values, sentences map[string]string) (views.TemplateFormView, views.StartPage, error) {
	p, channel, err := h.startPage(c, q)
	if err != nil {
		return views.TemplateFormView{}, p, err
	}
	if channel == nil || !p.Chosen {
		return views.TemplateFormView{}, p, domain.Refuse(domain.NotFound, "error.not_found")
	}
	t, err := findTemplate(c.Request().Context(), h.desk, who(c), channel.ID, name, language)
	v := present(c, h.zone, h.now()).templateForm(t, values, sentences)
	v.Action, v.Preview, v.ChannelID, v.To = "/chats/new", "/chats/new/templates/preview", channel.ID, p.To
	return v, p, err
}

func (h *contacts) preview(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	all, err := h.desk.Templates(c.Request().Context(), who(c), formID(form.Get("channel")))
	if err != nil {
		return err
	}
	return previewTemplate(c, h.page, all)
}

// send begins the conversation and leads to it.
func (h *contacts) send(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	f, err := readReply(form)
	if err != nil {
		return err
	}
	if form.Has("text") {
		return h.sendLetter(c, form, f)
	}
	id, err := h.desk.StartConversation(c.Request().Context(), who(c), desk.Start{
		ID: f.ID, ChannelID: formID(form.Get("channel")), ContactID: formID(form.Get("contact")), Number: form.Get("number"), Template: f.choice(),
	})
	if isInvalid(err) {
		return h.refuse(c, form, f, err)
	}
	if err != nil {
		return err
	}
	return redirect(c, chatPath(id, domain.ID{}))
}

func (h *contacts) refuse(c echo.Context, form url.Values, f replyForm, refusal error) error {
	v, p, err := h.templateForm(c, form, f.Template, f.Language, f.Values, fields(c, refusal))
	if err != nil {
		return err
	}
	v.MessageID, v.Sentence = f.ID, h.page.sentence(c, refusal, http.StatusUnprocessableEntity)
	return h.drawForm(c, http.StatusUnprocessableEntity, p, v)
}
