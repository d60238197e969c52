package channels

import (
	"context"
	"errors"
	"net/mail"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// Trial is a message that an administrator sends to find out whether a channel works.
type Trial struct {
	Once     domain.ID // names the form: sent again it sends nothing more
	To       string    // a telephone number in E.164, or an e-mail address
	Text     string
	Template string // name and language of a template without values, with a line feed between; "" = the text
}

// TrialResult is what the vendor made of a trial.
type TrialResult struct {
	VendorID string         // the vendor took it; "" = it did not
	Failure  *carrier.Error // why not
}

// TrialAddressKind gives what a trial can be sent to; "" when the channel's customers have no address that a person
// could type.
func TrialAddressKind(caps carrier.Capabilities) domain.IdentityKind {
	switch {
	case caps.Mail:
		return domain.MailIdentity
	case caps.StartFree || caps.StartTemplate:
		return domain.PhoneIdentity
	}
	return ""
}

// Try sends a message at once and gives what the vendor made of it. The message belongs to no conversation; an answer
// to it begins one as usual. Administrators only; Invalid names the field at fault, Conflict is a form that was sent
// before.
func (s *Service) Try(ctx context.Context, who *domain.Operator, id domain.ID, t Trial) (TrialResult, error) {
	if _, err := s.findManaged(ctx, who, id); err != nil {
		return TrialResult{}, err
	}
	c, err := s.connections.Find(ctx, id)
	if err != nil {
		return TrialResult{}, err
	}
	conn, err := c.Ready()
	if err != nil {
		return TrialResult{}, err
	}
	out, err := s.composeTrial(ctx, who, c, t)
	if err != nil {
		return TrialResult{}, err
	}
	receipt, err := conn.Send(ctx, out)
	if err != nil {
		return TrialResult{Failure: carrier.AsError(err)}, nil
	}
	return TrialResult{VendorID: receipt.VendorID}, nil
}

// composeTrial makes of a trial what a driver sends.
func (s *Service) composeTrial(
	ctx context.Context, who *domain.Operator, c *carrier.Connection, t Trial,
) (out carrier.Outgoing, err error) {
	to := domain.Identity{Kind: TrialAddressKind(c.Capabilities()), Value: strings.TrimSpace(t.To)}
	switch to.Kind {
	case domain.MailIdentity:
		a, err := mail.ParseAddress(to.Value)
		if err != nil {
			return out, domain.FieldFault("to", "error.field.email")
		}
		to.Value = strings.ToLower(a.Address)
	case domain.PhoneIdentity:
		if !domain.ValidPhone(to.Value) {
			return out, domain.FieldFault("to", "error.field.number")
		}
	default:
		return out, domain.Refuse(domain.Invalid, "error.cannot_start")
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if _, sent, err := tx.FindMade(who.ID, t.Once); err != nil || sent {
			return errors.Join(err, domain.Refuse(domain.Conflict, "error.trial_repeated"))
		}
		out = carrier.Outgoing{ID: tx.NewID(), To: to, Kind: domain.KindText, Text: strings.TrimSpace(t.Text)}
		name, language, ok := strings.Cut(t.Template, "\n")
		if !ok && out.Text == "" {
			return domain.FieldFault("text", "error.field.required")
		}
		if err := tx.NoteMade(who.ID, t.Once, out.ID); err != nil || !ok {
			return err
		}
		template, err := tx.MessageTemplate(c.Channel.ID, name, language)
		out.Kind, out.Text, out.Template = domain.KindTemplate, "", &carrier.OutgoingTemplate{
			Template: template,
			Values:   map[string]string{},
		}
		return err
	})
	if err == nil && c.Capabilities().Mail {
		out.Mail = &carrier.OutgoingMail{Subject: c.Channel.Name, MessageID: out.ID.String() + "@pult", Automatic: true}
	}
	return out, err
}
