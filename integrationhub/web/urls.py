"""The addresses of the marketer's pages."""

from django.urls import path

from integrationhub.web.views import (
    accounts,
    actions,
    activity,
    bigcommerce,
    books,
    connect,
    disconnect,
    find,
    hub,
    live,
    people,
    preview,
    run_people,
    runs,
)

STORE = "<slug:account>/bigcommerce/<slug:store_hash>/"

urlpatterns = [
    path("", accounts.Home.as_view(), name="home"),
    path("<slug:account>/", hub.Active.as_view(), name="hub"),
    path("<slug:account>/mails/", accounts.Mails.as_view(), name="mails"),
    path("<slug:account>/available/", hub.Available.as_view(), name="available"),
    path("<slug:account>/bigcommerce/connect/", connect.Connect.as_view(), name="connect"),
    path(STORE, bigcommerce.StorePage.as_view(), name="store"),
    path(f"{STORE}people/", people.People.as_view(), name="people"),
    path(f"{STORE}credentials/", connect.ReplaceCredentials.as_view(), name="credentials"),
    path(f"{STORE}disconnect/", disconnect.Disconnect.as_view(), name="disconnect"),
    path(f"{STORE}test/", connect.TestConnection.as_view(), name="test_connection"),
    path(f"{STORE}books/", books.RefreshBooks.as_view(), name="refresh_books"),
    path(f"{STORE}books/find/", books.FindBooks.as_view(), name="find_books"),
    path(f"{STORE}books/new/", books.NewBook.as_view(), name="new_book"),
    path(f"{STORE}preview/", preview.AskPreview.as_view(), name="ask_preview"),
    path(f"{STORE}preview/people.csv", preview.DownloadPreview.as_view(), name="download_preview"),
    path(f"{STORE}switch/", actions.Switch.as_view(), name="switch"),
    path(f"{STORE}sync/", actions.SyncNow.as_view(), name="sync_now"),
    path(f"{STORE}go-on/", actions.GoOn.as_view(), name="go_on"),
    path(f"{STORE}stop/", actions.Stop.as_view(), name="stop"),
    path(f"{STORE}find/", find.FindContact.as_view(), name="find_contact"),
    path(f"{STORE}find/sync/", find.SyncContact.as_view(), name="sync_contact"),
    path(f"{STORE}find/<int:contact>/", find.FoundContact.as_view(), name="found_contact"),
    path(f"{STORE}activity/", activity.Activity.as_view(), name="activity"),
    path(f"{STORE}live/", live.LivePart.as_view(), name="live"),
    path(f"{STORE}runs/", runs.Runs.as_view(), name="runs"),
    path(f"{STORE}runs/<int:run>/", runs.Run.as_view(), name="run"),
    path(f"{STORE}runs/<int:run>/people/", run_people.RunPeople.as_view(), name="run_people"),
    path(f"{STORE}runs/<int:run>/people.csv", run_people.RunPeopleFile.as_view(), name="run_csv"),
    path(f"{STORE}runs/<int:run>/retry/", run_people.Retry.as_view(), name="retry"),
]
