package talks

import (
	"time"

	"pult/domain"
)

// byMail are the conversations by e-mail.
var byMail = []Talk{
	{
		Channel: Mailbox,
		With:    mailPerson("Jitka Benešová", "jitka.benesova@posta.example", domain.Czech),
		Ago:     41 * time.Minute,
		Tags:    []string{"reklamace"},
		Lines: []Line{
			theySay(
				"Dobrý den,\n\nkonvice z objednávky 26-11720 po týdnu přestala těsnit u víčka. Fakturu přikládám.\n\nMohu ji poslat k výměně?\n\nS pozdravem\nJitka Benešová",
			).
				asLetter("Reklamace konvice 26-11720", `<p>Dobrý den,</p><p>konvice z objednávky <b>26-11720</b> po týdnu přestala těsnit u víčka. Fakturu přikládám.</p><p>Mohu ji poslat k výměně?</p><p>S pozdravem<br>Jitka Benešová</p>`).
				withFile(pdfFile("faktura-26-11720.pdf")),
			weSay(
				Alena,
				"Dobrý den, paní Benešová,\n\nmoc se omlouváme. Konvici prosím pošlete na naši adresu, výměnu vyřídíme do tří dnů a poštovné vám vrátíme.",
			).after(25 * time.Minute),
			theySay("Děkuji za rychlou odpověď. Balík podám zítra. Bude stačit původní krabice?").after(50*time.Minute).
				asLetter("", `<p>Děkuji za rychlou odpověď. Balík podám zítra.</p><p>Bude stačit původní krabice?</p>`),
		},
	},
	{
		Channel:  Mailbox,
		With:     mailPerson("Hôtel du Parc – Inès Garnier", "accueil@hotelduparc.example", domain.French),
		Ago:      7 * time.Hour,
		Status:   domain.StatusPending,
		Assignee: Laure,
		Lines: []Line{
			theySay(
				"Bonjour,\n\nnous souhaitons un devis pour 40 tasses à espresso et 40 soucoupes, livrées avant le 12.\n\nCordialement,\nInès Garnier",
			).
				asLetter("Devis pour 40 tasses", `<p>Bonjour,</p><p>nous souhaitons un devis pour :</p><table><tr><th>Article</th><th>Quantité</th></tr><tr><td>Tasse à espresso</td><td>40</td></tr><tr><td>Soucoupe</td><td>40</td></tr></table><p>livrées avant le 12.</p><p>Cordialement,<br>Inès Garnier</p>`).
				becomesRequest(Request{
					Title:       "Devis : 40 tasses et soucoupes pour l’Hôtel du Parc",
					Template:    OrderFR,
					Description: "40 tasses à espresso, 40 soucoupes, livraison avant le 12.",
					Status:      domain.StatusOpen,
					Priority:    domain.Normal,
					DueIn:       5,
					Tags:        []string{"devis"},
					Assignee:    Laure,
				}),
			weSay(
				Laure,
				"Bonjour Madame Garnier,\n\nvous trouverez notre devis en pièce jointe. Il est valable trente jours.",
			).withFile(pdfFile("devis-hotel-du-parc.pdf")).
				after(80 * time.Minute),
		},
	},
	{
		Channel:  Mailbox,
		With:     mailPerson("Oliver Hughes", "oliver.hughes@mail.example", domain.English),
		Ago:      28 * time.Hour,
		Status:   domain.StatusResolved,
		Assignee: Tom,
		Lines: []Line{
			theySay(
				"Hello,\n\nmy grinder was due on Tuesday (order 26-11655). Do you know where it is?\n\nOliver Hughes",
			).asLetter("Where is my grinder?", ""),
			weSay(
				Tom,
				"Hello Mr Hughes,\n\nit left the depot this morning and reaches you before five. Sorry for the wait.",
			).after(35 * time.Minute),
			theySay("It has just arrived. Thank you!").after(6*time.Hour).asLetter("", ""),
		},
	},
}
