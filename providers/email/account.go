package email

import (
	"context"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"pult/domain/carrier"
)

// Test signs in on both sides and opens the folder, without changing anything. The code of a failure says which side it
// was.
func (d *Driver) Test(ctx context.Context) (carrier.Account, error) {
	c, done, err := d.openIMAP(ctx, &imapclient.Options{})
	if err != nil {
		return carrier.Account{}, err
	}
	defer done()
	r := &receiver{Driver: d, client: c, cut: done}
	if _, err := c.Select(d.cfg.Folder, &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		return carrier.Account{}, d.imapError(r.folderError(err))
	}
	s, doneSMTP, err := d.openSMTP(ctx)
	if err != nil {
		return carrier.Account{}, err
	}
	defer doneSMTP()
	_ = s.Quit() // it let us in; how it says goodbye does not matter
	return carrier.Account{Name: d.cfg.Address}, nil
}
