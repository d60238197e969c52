package email

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"pult/domain/carrier"
)

// copyLimit is how long storing the copy may take. The letter is out; nobody should wait for its copy.
const copyLimit = 20 * time.Second

// keepCopy puts a copy of what was sent into the Sent folder, so that it is seen in other programs as well. It may
// fail: the letter was sent all the same, and the desk has it.
func (d *Driver) keepCopy(ctx context.Context, letter *composed) {
	if !d.cfg.SentCopy {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, copyLimit)
	defer cancel()
	c, done, err := d.openIMAP(ctx, &imapclient.Options{})
	if err != nil {
		return
	}
	defer done()
	folder := sentFolder(c)
	if folder == "" {
		return
	}
	to := c.Append(folder, int64(len(letter.raw)), &imap.AppendOptions{
		Flags: []imap.Flag{imap.FlagSeen},
		Time:  d.cfg.Now(),
	})
	if _, err := bytes.NewReader(letter.raw).WriteTo(to); err != nil {
		return
	}
	if err := to.Close(); err != nil {
		return
	}
	_, _ = to.Wait()
}

// sentNames are what servers call the folder that do not mark it.
var sentNames = []string{
	"Sent",
	"Sent Items",
	"Sent Messages",
	"INBOX.Sent",
	"Odeslané",
	"Odeslaná pošta",
	"Envoyés",
	"Messages envoyés",
	"Éléments envoyés",
}

// sentFolder finds the folder of sent letters; "" when there is none.
func sentFolder(c *imapclient.Client) string {
	list, err := c.List("", "*", listOptions(c)).Collect()
	if err != nil {
		return ""
	}
	for _, m := range list {
		if slices.Contains(m.Attrs, imap.MailboxAttrSent) {
			return m.Mailbox
		}
	}
	for _, name := range sentNames {
		for _, m := range list {
			if strings.EqualFold(m.Mailbox, name) {
				return m.Mailbox
			}
		}
	}
	return ""
}

func listOptions(c *imapclient.Client) *imap.ListOptions {
	if c.Caps().Has(imap.CapSpecialUse) && c.Caps().Has(imap.CapListExtended) {
		return &imap.ListOptions{ReturnSpecialUse: true}
	}
	return nil
}

// Find looks for a letter of uncertain fate in the Sent folder of a server that keeps there what it took (see
// carrier.Finder). Where the desk puts the copies there itself, their absence says nothing.
func (d *Driver) Find(ctx context.Context, m carrier.Outgoing, since time.Time) ([]string, error) {
	if d.cfg.SentCopy {
		return nil, nil
	}
	c, done, err := d.openIMAP(ctx, &imapclient.Options{})
	if err != nil {
		return nil, err
	}
	defer done()
	folder := sentFolder(c)
	if folder == "" {
		return nil, nil
	}
	if _, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		return nil, d.imapError(err)
	}
	id := messageIDOf(m, d.cfg.Address)
	found, err := c.UIDSearch(&imap.SearchCriteria{
		Since: since.AddDate(0, 0, -1), Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: id}},
	}, nil).Wait()
	if err != nil || len(found.AllUIDs()) == 0 {
		return nil, d.imapError(err)
	}
	return []string{id}, nil
}
