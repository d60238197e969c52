package email

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-smtp"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/email/mime"
)

// passing are the codes of refusals that end by themselves.
var passing = map[imap.ResponseCode]bool{
	imap.ResponseCodeUnavailable: true,
	imap.ResponseCodeInUse:       true,
	imap.ResponseCodeLimit:       true,
	imap.ResponseCodeOverQuota:   true,
	imap.ResponseCodeServerBug:   true,
	imap.ResponseCodeTooMany:     true,
}

// signInError says why the IMAP server did not let us in. A plain "no" is a wrong password: many servers say nothing
// else.
func (d *Driver) signInError(err error) error {
	if err == nil {
		return nil
	}
	var said *imap.Error
	if !errors.As(err, &said) {
		return d.connectError(err, imapSide)
	}
	if passing[said.Code] {
		return d.imapError(err)
	}
	return &carrier.Error{
		Class:  carrier.Unauthorised,
		Code:   imapSide + "-LOGIN",
		Key:    "provider.email.login",
		Detail: d.redactWords(said.Text),
	}
}

// imapError says what a failure after signing in means: nearly all pass, because the connection is made anew.
func (d *Driver) imapError(err error) error {
	if err == nil {
		return nil
	}
	var ours *carrier.Error
	if errors.As(err, &ours) {
		return err
	}
	var said *imap.Error
	if !errors.As(err, &said) {
		return d.connectError(err, imapSide)
	}
	e := &carrier.Error{
		Class:  carrier.Temporary,
		Code:   domain.Clip(imapSide+" "+string(said.Code), 40),
		Key:    carrier.Temporary.Sentence(),
		Detail: d.redactWords(said.Text),
	}
	switch said.Code {
	case imap.ResponseCodeAuthenticationFailed, imap.ResponseCodeAuthorizationFailed, imap.ResponseCodeExpired:
		e.Class, e.Code, e.Key = carrier.Unauthorised, imapSide+"-LOGIN", "provider.email.login"
	case imap.ResponseCodeNonExistent, imap.ResponseCodeNoPerm:
		e.Class, e.Code, e.Key = carrier.Unauthorised, imapSide+"-FOLDER", "provider.email.folder"
	}
	return e
}

// redactWords repeats a server's words without credentials.
func (d *Driver) redactWords(words string) string {
	return domain.Clip(mime.OneLine(d.redactor.Replace(words)), 500)
}

// phase is how far sending came; the same code means another thing in each.
type phase int

const (
	greeting phase = iota
	signingIn
	naming     // MAIL FROM
	addressing // RCPT TO
	writing    // DATA up to the last byte
	waiting    // all is written and the answer is awaited
)

// smtpError says what a failure in a phase means.
func (d *Driver) smtpError(err error, at phase) error {
	if err == nil {
		return nil
	}
	var said *smtp.SMTPError
	if errors.As(err, &said) {
		return d.classifyReply(said, at)
	}
	if at == waiting {
		return &carrier.Error{Class: carrier.Uncertain, Key: carrier.Uncertain.Sentence(), Err: err}
	}
	return d.connectError(err, smtpSide)
}

// limitWait is how long is waited after a server said that too much was sent: it does not say how long.
const limitWait = time.Minute

// classifyReply classifies what an SMTP server said.
func (d *Driver) classifyReply(said *smtp.SMTPError, at phase) *carrier.Error {
	code := enhancedCode(said)
	e := &carrier.Error{
		Class:  carrier.Temporary,
		Code:   strings.TrimSpace(strconv.Itoa(said.Code) + " " + code),
		Detail: d.redactWords(said.Message),
	}
	e.Key = e.Class.Sentence()
	switch {
	case isRateLimit(said, code):
		e.Class, e.Key, e.RetryAfter = carrier.RateLimited, carrier.RateLimited.Sentence(), limitWait
	case said.Code < 500:
		// 421 ends the connection; anything else said of the recipient or the letter, as greylisting, is about that alone
		e.OnlyThis = at >= addressing && said.Code != 421
		if strings.HasSuffix(code, ".2.2") {
			e.Key = "provider.email.mailbox_full"
		}
	case code == "5.7.30":
		e.Class, e.Code, e.Key = carrier.Unauthorised, smtpSide+"-LOGIN", "provider.email.basic_off"
	case at <= signingIn, said.Code == 530, said.Code == 534, said.Code == 535, said.Code == 538:
		e.Class, e.Code, e.Key = carrier.Unauthorised, smtpSide+"-LOGIN", "provider.email.login"
	case said.Code == 552 && !strings.HasPrefix(code, "5.2.2"), said.Code == 523, code == "5.3.4", code == "5.2.3":
		e.Class, e.Key = carrier.InvalidValue, "provider.email.too_big"
	case at == naming:
		e.Class, e.Key = carrier.Unauthorised, "provider.email.sender"
	default:
		e.Class, e.Key = afterAddress(said.Code, code, at)
	}
	return e
}

// afterAddress classifies permanent refusals of a recipient or of the letter.
func afterAddress(reply int, code string, at phase) (carrier.Class, string) {
	if at == addressing && (code == "" || strings.HasPrefix(code, "5.0")) &&
		(reply == 550 || reply == 551 || reply == 553) {
		return carrier.Unreachable, "provider.email.no_such_user"
	}
	if code == "" || strings.HasPrefix(code, "5.0") {
		code = "5.7.1" // a refusal without a reason is one of policy
	}
	return bounceMeaning(code)
}

// enhancedCode is the status code as text, "" when the server gave none. The library fills in a made-up one.
func enhancedCode(said *smtp.SMTPError) string {
	c := said.EnhancedCode
	if c == smtp.NoEnhancedCode || c == smtp.EnhancedCodeNotSet {
		return ""
	}
	return strconv.Itoa(c[0]) + "." + strconv.Itoa(c[1]) + "." + strconv.Itoa(c[2])
}

// isRateLimit tells refusals because too much was sent.
func isRateLimit(said *smtp.SMTPError, code string) bool {
	words := strings.ToLower(said.Message)
	return code == "5.4.5" || code == "4.7.28" || code == "4.5.3" ||
		said.Code < 500 && code == "4.7.0" && strings.Contains(words, "rate") ||
		strings.Contains(words, "too many messages") || strings.Contains(words, "rate limit") ||
		strings.Contains(words, "sending limit")
}

// stoppedError is the refusal to begin after the caller gave up.
func stoppedError(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return &carrier.Error{Class: carrier.Temporary, Key: "provider.stopped", Err: ctx.Err()}
}
