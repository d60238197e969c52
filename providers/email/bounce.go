package email

import (
	"regexp"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/email/mime"
)

// parseReport says what a letter from a mail server is about; false for all other letters. Nobody wrote it, so it makes
// neither a message nor a contact: it says how letters of ours fared.
func (d *Driver) parseReport(root *mime.Part, w carrier.Webhook, sender string) (carrier.Batch, bool) {
	switch kind := strings.ToLower(root.Params["report-type"]); {
	case root.Media == "multipart/report" && kind == "feedback-report":
		return unknownReport("feedback report"), true
	case root.Media == "multipart/report" && kind == "disposition-notification":
		return d.readReceipt(root, w), true
	case root.Media == "multipart/report" || isFromDaemon(root.Header, sender):
		return d.deliveryReport(root, w)
	}
	return carrier.Batch{}, false
}

func unknownReport(what string) carrier.Batch {
	return carrier.Batch{Unknown: []carrier.Unknown{{What: "email: " + what}}}
}

// isFromDaemon tells a report of a server that follows no standard. An answer written by a machine may have an empty
// return path as well, but comes from a person's address.
func isFromDaemon(h mime.Header, sender string) bool {
	local, _, _ := strings.Cut(sender, "@")
	return daemon.MatchString(local) || h.Has("X-Failed-Recipients")
}

func findLeaf(p *mime.Part, media ...string) *mime.Part {
	for _, m := range media {
		if p.Media == m {
			return p
		}
	}
	for _, child := range p.Children {
		if found := findLeaf(child, media...); found != nil {
			return found
		}
	}
	return nil
}

// findReported is the id of the letter a report speaks of, and our message's where it is one of ours.
func (d *Driver) findReported(root *mime.Part, body []byte) (id, ours string) {
	if returned := findLeaf(root, "message/rfc822", "text/rfc822-headers", "message/rfc822-headers"); returned != nil {
		h, _ := mime.SplitHead(returned.Content())
		id = mime.FirstID(h.Get("Message-ID"))
	}
	if id == "" {
		id = d.findMentioned(root, body)
	}
	if message, ok := domain.ParseMailID(id); ok {
		ours = message.String()
	}
	return id, ours
}

// ownID is what our own ids look like in a text.
var ownID = regexp.MustCompile(`(?i)\bm-[0-9a-z]{10,40}@[a-z0-9.-]+`)

// findMentioned looks for an id of ours in the text of a report.
func (d *Driver) findMentioned(root *mime.Part, body []byte) string {
	const far = 512 << 10
	texts := []string{gatherContents(root).joinText(), string(body[:min(len(body), far)])}
	for _, text := range texts {
		for _, id := range ownID.FindAllString(text, 20) {
			if _, ok := domain.ParseMailID(id); ok {
				return id
			}
		}
	}
	return ""
}

// deliveryReport reads how a letter fared. Without an id of a letter it says nothing that could be used.
func (d *Driver) deliveryReport(root *mime.Part, w carrier.Webhook) (carrier.Batch, bool) {
	id, ours := d.findReported(root, w.Body)
	if id == "" {
		return unknownReport("report of a mail server about no letter of ours"), true
	}
	s := carrier.InboundStatus{Account: d.cfg.Address, VendorID: id, Ours: ours, At: receivedAt(w)}
	action, code, words := worstOutcome(root)
	switch action {
	case "delivered":
		s.State = domain.StateDelivered
	case "delayed":
		s.State = domain.StateSent
		s.Failure = newFailure(carrier.Temporary, code, "provider.email.delayed", words)
	case "relayed", "expanded":
		s.State = domain.StateSent
	default:
		class, key := bounceMeaning(code)
		s.State, s.Failure = domain.StateUndelivered, newFailure(class, code, key, words)
	}
	return carrier.Batch{Statuses: []carrier.InboundStatus{s}}, true
}

func newFailure(class carrier.Class, code, key, words string) *domain.Failure {
	return &domain.Failure{Class: string(class), Code: domain.Clip(code, 20), Key: key, Detail: domain.Clip(words, 500)}
}

// worstOutcome is the worst that happened to any recipient: what was done, the status code and the server's own words.
func worstOutcome(root *mime.Part) (action, code, words string) {
	status := findLeaf(root, "message/delivery-status")
	if status == nil {
		return fateFromText(root)
	}
	rank := map[string]int{"failed": 5, "delayed": 4, "relayed": 3, "expanded": 2, "delivered": 1}
	for rest := status.Content(); len(rest) > 0; {
		var h mime.Header
		before := len(rest)
		if h, rest = mime.SplitHead(rest); len(rest) == before {
			break
		}
		a := strings.ToLower(strings.TrimSpace(h.Get("Action")))
		if a, _, _ = strings.Cut(a, " "); rank[a] > rank[action] {
			action, code = a, statusCode.FindString(h.Get("Status"))
			words = mime.DecodeWords(h.Get("Diagnostic-Code"))
		}
	}
	if action == "" {
		return fateFromText(root)
	}
	return action, code, words
}

var (
	statusCode = regexp.MustCompile(`\b[245]\.\d{1,3}\.\d{1,3}\b`)
	replyLine  = regexp.MustCompile(`(?m)^.*\b5\d\d[ -].*$`)
	delayWords = regexp.MustCompile(
		`(?i)(delayed|will (keep|continue to) (try|retry)|has not yet been delivered|not been delivered yet|retardé|zpožděn)`,
	)
)

// fateFromText reads a report that is only words for people.
func fateFromText(root *mime.Part) (action, code, words string) {
	text := gatherContents(root).joinText()
	line := strings.TrimSpace(replyLine.FindString(text))
	code = statusCode.FindString(text)
	if line == "" && !strings.HasPrefix(code, "5") && delayWords.MatchString(text+root.Header.Get("Subject")) {
		return "delayed", code, ""
	}
	return "failed", code, mime.OneLine(line)
}

// bounceMeaning is what a status code says for the next step.
func bounceMeaning(code string) (carrier.Class, string) {
	_, detail, _ := strings.Cut(code, ".")
	switch {
	case strings.HasPrefix(detail, "1."):
		return carrier.Unreachable, "provider.email.no_such_user"
	case detail == "2.1":
		return carrier.Unreachable, "provider.email.no_such_user"
	case detail == "2.2":
		return carrier.Unreachable, "provider.email.mailbox_full"
	case detail == "2.3", detail == "3.4":
		return carrier.InvalidValue, "provider.email.too_big"
	case strings.HasPrefix(detail, "7."):
		return carrier.Permanent, "provider.email.refused"
	case strings.HasPrefix(detail, "4."):
		return carrier.Unreachable, "provider.email.no_server"
	}
	return carrier.Permanent, "provider.email.bounced"
}

// readReceipt tells that a letter was shown. That somebody deleted it unread is not told on.
func (d *Driver) readReceipt(root *mime.Part, w carrier.Webhook) carrier.Batch {
	note := findLeaf(root, "message/disposition-notification")
	if note == nil {
		return unknownReport("read receipt without contents")
	}
	h, _ := mime.SplitHead(append(note.Content(), "\n\n"...))
	id := mime.FirstID(h.Get("Original-Message-ID"))
	if id == "" || !strings.Contains(strings.ToLower(h.Get("Disposition")), "displayed") {
		return unknownReport("read receipt that tells nothing")
	}
	s := carrier.InboundStatus{Account: d.cfg.Address, VendorID: id, State: domain.StateRead, At: receivedAt(w)}
	if message, ok := domain.ParseMailID(id); ok {
		s.Ours = message.String()
	}
	return carrier.Batch{Statuses: []carrier.InboundStatus{s}}
}
