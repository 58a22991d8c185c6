# `cmake --install` and, by CPack, a Debian package: binary, man pages, completions, units, account, example.
include(GNUInstallDirs)

install(TARGETS logctl RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
foreach(section 1 5 7)
  file(GLOB pages CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/man/*.${section}")
  install(FILES ${pages} DESTINATION "${CMAKE_INSTALL_MANDIR}/man${section}")
endforeach()
install(FILES completions/logctl.bash DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" RENAME logctl)
install(FILES completions/_logctl DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions")
install(FILES completions/logctl.fish DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
install(FILES deploy/sysusers.d/logctl.conf DESTINATION lib/sysusers.d)
install(FILES examples/config.yaml deploy/cron/logctl DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples")
install(FILES README.md CHANGELOG.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}" RENAME copyright)
# The units name the program where it is installed.
install(CODE "
  file(GLOB units \"${CMAKE_SOURCE_DIR}/deploy/systemd/*\")
  foreach(unit IN LISTS units)
    get_filename_component(name \"\${unit}\" NAME)
    file(READ \"\${unit}\" text)
    string(REPLACE \"/usr/bin/logctl\" \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/logctl\" text \"\${text}\")
    file(WRITE \"${CMAKE_BINARY_DIR}/units/\${name}\" \"\${text}\")
    file(INSTALL \"${CMAKE_BINARY_DIR}/units/\${name}\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/lib/systemd/system\")
  endforeach()")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME logctl)
set(CPACK_PACKAGE_VENDOR logctl)
set(CPACK_PACKAGE_CONTACT "logctl maintainers <logctl@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "log ingestion daemon and its admin tools")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "logctl takes log records in over HTTP and from files, keeps them in SQLite or PostgreSQL, and gives them back.\n Success is answered only for what is on disk, and it can show that nothing was lost.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "passwd")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates")
# Backups of PostgreSQL call pg_dump and pg_restore.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "postgresql-client, postgresql")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA deploy/debian/postinst deploy/debian/prerm deploy/debian/postrm)
list(TRANSFORM CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA PREPEND "${CMAKE_SOURCE_DIR}/")
set(CPACK_STRIP_FILES ON)
# Installed with DESTDIR, so that the units hold the final path.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
# What is packed is what was built: packing does not build.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
include(CPack)
