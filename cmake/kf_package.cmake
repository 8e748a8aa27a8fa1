# The Debian package, by CPack: `cmake --build build/release --target package`. Programs, editions,
# units, settings; dependencies are those that the programs link (dpkg-shlibdeps).
set(deploy ${PROJECT_SOURCE_DIR}/deploy)
set(unit_dir lib/systemd/system) # under the prefix; Debian 12 reads /lib as /usr/lib
install(DIRECTORY ${deploy}/systemd/ DESTINATION ${unit_dir}
    FILES_MATCHING PATTERN "*.service" PATTERN "*.target" PATTERN "*.slice")
install(FILES ${deploy}/systemd/kostraflow.sysusers DESTINATION lib/sysusers.d
    RENAME kostraflow.conf)
install(FILES ${deploy}/systemd/kostraflow.tmpfiles DESTINATION lib/tmpfiles.d
    RENAME kostraflow.conf)
install(DIRECTORY ${deploy}/prometheus ${deploy}/grafana
    DESTINATION ${CMAKE_INSTALL_DATADIR}/kostraflow)
install(FILES docs/OPERATIONS.md docs/SECURITY.md docs/UPGRADING.md docs/EDITIONS.md docs/SOURCES.md
    ARCHITECTURE.md
    DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${deploy}/debian/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${deploy}/debian/lintian-overrides
    DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME kostraflow)

# Settings are installed under /etc whatever the prefix is, and only into a package.
set(settings ingest need normalize aggregate efficiency publish board)
list(TRANSFORM settings PREPEND ${deploy}/etc/)
list(TRANSFORM settings APPEND .yaml)
install(FILES ${settings} DESTINATION /etc/kostraflow COMPONENT settings EXCLUDE_FROM_ALL)
install(FILES ${deploy}/etc/kafka.conf DESTINATION /etc/kostraflow COMPONENT settings
    PERMISSIONS OWNER_READ OWNER_WRITE EXCLUDE_FROM_ALL)

# Debian's change log, compressed without a time so that the package is the same twice.
find_program(GZIP gzip)
if(GZIP)
    set(changelog ${PROJECT_BINARY_DIR}/changelog.gz)
    execute_process(COMMAND ${GZIP} -9nc INPUT_FILE ${deploy}/debian/changelog
        OUTPUT_FILE ${changelog} COMMAND_ERROR_IS_FATAL ANY)
    install(FILES ${changelog} DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME kostraflow)
set(CPACK_PACKAGE_VENDOR "The kostraflow authors")
set(CPACK_PACKAGE_CONTACT "The kostraflow authors <kostraflow@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "recomputes Norwegian municipal indices from KOSTRA figures")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "Six services that turn figures of Statistics Norway into expenditure need,
production indices, efficiency and unit costs of every municipality, and
publish each release on Kafka once and whole, and a board that shows the
services at work and an article about every municipality. With them come the
command kf, the editions of the indices, systemd units, Prometheus alert rules
and a dashboard for Grafana.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL Unspecified settings)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
    GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS adduser)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "systemd, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "prometheus, sqlite3")
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${deploy}/debian/conffiles ${deploy}/debian/postinst
    ${deploy}/debian/prerm ${deploy}/debian/postrm)
include(CPack)
