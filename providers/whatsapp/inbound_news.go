package whatsapp

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// newsLength bounds the detail of a piece of news, in characters.
const newsLength = 300

// accountFields are the webhook fields that tell of the account or the number.
var accountFields = []text{
	"account_update", "account_review_update", "account_alerts", "phone_number_quality_update", "phone_number_name_update",
	"business_capability_update", "security", "business_username_updates", "messaging_handovers", "payment_configuration_update",
}

// readNews takes in what is not said by anybody. Templates are recognised by their keys as well, because the vendor has
// been seen to send one of their fields under another's name.
func (p *parser) readNews(o origin, c change, raw []byte) {
	var keys map[string]json.RawMessage
	_ = json.Unmarshal(c.Value, &keys)
	_, template := keys["message_template_id"]
	switch {
	case template || strings.HasPrefix(string(c.Field), "message_template_") || c.Field == "template_category_update":
		p.addChange(o, carrier.TemplatesChanged, wire.Summary(keys))
	case slices.Contains(accountFields, c.Field):
		p.addChange(o, carrier.AccountChanged, string(c.Field)+": "+wire.Summary(keys))
	default:
		p.addUnknown("field "+string(c.Field), raw)
	}
}

// addChange adds a piece of news. News about the business account names no number; it is then addressed to the
// account's id.
func (p *parser) addChange(o origin, kind carrier.ChangeKind, detail string) {
	account := o.account
	if account == "" {
		account = o.business
	}
	detail = domain.Clip(p.driver.api.Redact(detail), newsLength)
	p.batch.Changes = append(p.batch.Changes, carrier.Change{Account: account, Kind: kind, Detail: detail})
}

// readPreference takes in that a customer refuses or again accepts advertising. The detail is the customer's first
// identity.
func (p *parser) readPreference(o origin, w wirePreference) {
	ids := listIdentities(o.business, string(w.WaID), string(w.UserID), "")
	if len(ids) == 0 {
		return
	}
	switch w.Value {
	case "stop":
		p.addConsent(o, carrier.ContactOptedOut, ids)
	case "resume":
		p.addConsent(o, carrier.ContactOptedIn, ids)
	}
}

func (p *parser) addConsent(o origin, kind carrier.ChangeKind, who []domain.Identity) {
	p.addChange(o, kind, who[0].Value)
	p.batch.Changes[len(p.batch.Changes)-1].Who = who
}

// readHistory takes in older messages of a number that was used on a telephone before. Threads are named by the
// customer.
func (p *parser) readHistory(o origin, raw []byte) {
	var h wireHistory
	if wire.DecodeJSON(raw, &h) != nil {
		p.addUnknown("history that is no object", raw)
		return
	}
	for _, e := range h.Errors {
		p.addChange(o, carrier.AccountChanged, "history: "+faultSentence(e))
	}
	o.history = true
	for _, t := range h.Threads {
		customer := carrier.Person{
			Username: strings.TrimPrefix(string(t.Context.Username), "@"),
			Identities: listIdentities(
				o.business,
				string(cmp.Or(t.Context.WaID, t.ID)),
				string(t.Context.UserID),
				string(t.Context.ParentUserID),
			),
		}
		for _, m := range t.Messages {
			p.readHistoryMessage(o, customer, string(t.ID), m)
		}
	}
}

// readHistoryMessage tells by its author which side spoke: whoever is not the customer of the thread is the business.
func (p *parser) readHistoryMessage(o origin, customer carrier.Person, thread string, raw []byte) {
	var w wireMessage
	if wire.DecodeJSON(raw, &w) != nil {
		p.addUnknown("history message that is no object", raw)
		return
	}
	from := domain.ByCustomer
	if ours := parsePhone(string(w.From)); (ours != "" && ours == o.number) || (w.To != "" && isSameID(w.To, thread)) {
		from = domain.ByPhone
	}
	p.addMessage(o, w, customer, from, raw)
}

// readCall takes in that a customer called. The desk takes no calls by this way, so every call is a missed one, told
// once: its beginning and its end carry the same id.
func (p *parser) readCall(o origin, raw []byte) {
	var w wireCall
	if wire.DecodeJSON(raw, &w) != nil || w.ID == "" {
		p.addUnknown("call without id", raw)
		return
	}
	if w.Direction != "USER_INITIATED" || strings.EqualFold(string(w.Status), "completed") {
		return
	}
	who := o.findPerson(string(w.From), string(w.FromUserID), "")
	if len(who.Identities) == 0 {
		p.addUnknown("call without caller", raw)
		return
	}
	p.batch.Messages = append(p.batch.Messages, carrier.InboundMessage{
		Account: o.account, Contact: who, From: domain.ByCustomer, VendorID: string(w.ID), At: w.Timestamp.Time(),
		Kind: domain.KindSystem, Key: "provider.system.missed_call", Raw: raw,
	})
}
