package email

import (
	"context"

	"github.com/emersion/go-smtp"

	"pult/domain"
	"pult/domain/carrier"
)

// Send submits one letter. The receipt's id is the Message-ID: reports and answers name it.
func (d *Driver) Send(ctx context.Context, m carrier.Outgoing) (carrier.Receipt, error) {
	if m.To.Kind != domain.MailIdentity || m.To.Value == "" {
		return carrier.Receipt{}, carrier.NewRefusal("provider.email.recipient")
	}
	if !m.Kind.IsMedia() && m.Kind != domain.KindText {
		return carrier.Receipt{}, carrier.NewRefusal("provider.unsupported")
	}
	if m.Text == "" && m.Media == nil && len(m.Files) == 0 {
		return carrier.Receipt{}, carrier.NewRefusal(carrier.InvalidValue.Sentence())
	}
	if err := stoppedError(ctx); err != nil {
		return carrier.Receipt{}, err
	}
	letter, err := d.composeLetter(ctx, m)
	if err != nil {
		return carrier.Receipt{}, err
	}
	if err := d.submitLetter(ctx, letter); err != nil {
		return carrier.Receipt{}, err
	}
	d.keepCopy(ctx, letter)
	return carrier.Receipt{VendorID: letter.id}, nil
}

// submitLetter hands a letter to the server. It goes to everybody or to nobody: the first recipient that is refused
// ends the attempt before anything is sent.
func (d *Driver) submitLetter(ctx context.Context, letter *composed) error {
	c, done, err := d.openSMTP(ctx)
	if err != nil {
		return err
	}
	defer done()
	if limit, ok := c.MaxMessageSize(); ok && limit > 0 && len(letter.raw) > limit {
		return &carrier.Error{Class: carrier.InvalidValue, Code: "SIZE", Key: "provider.email.too_big"}
	}
	if wide, _ := c.Extension("SMTPUTF8"); letter.wide && !wide {
		return carrier.NewRefusal("provider.email.no_utf8")
	}
	if err := d.smtpError(c.Mail(letter.from, &smtp.MailOptions{
		UTF8: letter.wide,
		Size: int64(len(letter.raw)),
	}), naming); err != nil {
		return err
	}
	for _, to := range letter.recipients {
		if err := c.Rcpt(to, nil); err != nil {
			return d.recipientError(err, to)
		}
	}
	return d.sendData(c, letter)
}

// recipientError names the recipient that was refused, because a letter may go to several.
func (d *Driver) recipientError(err error, to string) error {
	out := carrier.AsError(d.smtpError(err, addressing))
	out.Detail = domain.Clip(to+": "+out.Detail, 500)
	return out
}

// sendData sends the letter. From the last byte on nobody can report whether it was taken until the server says so.
func (d *Driver) sendData(c *smtp.Client, letter *composed) error {
	w, err := c.Data()
	if err != nil {
		return d.smtpError(err, writing)
	}
	if _, err := w.Write(letter.raw); err != nil {
		return d.smtpError(err, writing)
	}
	if err := w.Close(); err != nil {
		return d.smtpError(err, waiting)
	}
	_ = c.Quit() // the letter is taken, whatever the server says now
	return nil
}
